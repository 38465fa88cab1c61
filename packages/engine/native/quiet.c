// Silences TensorFlow's start-up chatter. TF_CPP_MIN_LOG_LEVEL no longer does: what the library
// logs while it is being loaded, before absl's initialisation, goes to standard error whatever it
// says. So the library is loaded here first, with standard error going into a file in memory; from
// that, all but informational lines are passed on, and from then on absl's minimum level is
// WARNING.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <node_api.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Named after absl's release in TensorFlow 2.21; another library keeps its own level.
static const char *min_log_level_setter =
    "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE";

// absl prefixes informational lines by I and the date (four digits), and announces once that it
// logs to standard error.
static int is_chatter(const char *line) {
  const char *announcement = "WARNING: All log messages before absl::InitializeLog()";
  if (strncmp(line, announcement, strlen(announcement)) == 0) return 1;
  return line[0] == 'I' && strspn(line + 1, "0123456789") == 4 && line[5] == ' ';
}

static int saved = -1, captured = -1;

static void pass_on(void) {
  FILE *file = fdopen(captured, "r");
  if (file == NULL) return;
  rewind(file);
  char line[4096];
  int at_start = 1, skip = 0;
  while (fgets(line, sizeof line, file) != NULL) {
    if (at_start) skip = is_chatter(line);
    if (!skip) fputs(line, stderr);
    at_start = strchr(line, '\n') != NULL;
  }
  fclose(file);
}

// A library that gives up while it is loaded (a processor without AVX, say) has just said why: all
// of it is shown.
static void on_abort(int signal_number) {
  char part[4096];
  ssize_t count;
  lseek(captured, 0, SEEK_SET);
  while ((count = read(captured, part, sizeof part)) > 0)
    if (write(saved, part, (size_t)count) < 0) break;
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

static napi_value init(napi_env env, napi_value exports) {
  (void)exports;
  void (*previous)(int) = SIG_DFL;
  fflush(stderr);
  saved = dup(STDERR_FILENO);
  captured = saved >= 0 ? memfd_create("stderr", 0) : -1;
  if (captured >= 0) {
    previous = signal(SIGABRT, on_abort);
    dup2(captured, STDERR_FILENO);
  }
  // Found through this addon's run path. It stays loaded, and tfjs-node's binding gets the same
  // copy.
  void *library = dlopen("libtensorflow.so", RTLD_LAZY | RTLD_LOCAL);
  fflush(stderr);
  if (captured >= 0) {
    dup2(saved, STDERR_FILENO);
    signal(SIGABRT, previous);
    pass_on();
  }
  if (saved >= 0) close(saved);

  void (*set_min_log_level)(int) = NULL;
  if (library != NULL) *(void **)&set_min_log_level = dlsym(library, min_log_level_setter);
  if (set_min_log_level != NULL) set_min_log_level(1);
  napi_value loaded;
  napi_get_boolean(env, library != NULL, &loaded);
  return loaded;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
