{
  'variables': {'tensorflow%': ''},
  'target_defaults': {
    'libraries': ["-Wl,-rpath,'$$ORIGIN/../../deps/lib'", '-ldl'],
  },
  'targets': [
    {
      'target_name': 'quiet',
      'sources': ['quiet.c'],
    },
    {
      'target_name': 'session',
      'sources': ['session.cc', 'build.cc', 'run.cc'],
      'include_dirs': ['<(tensorflow)/include'],
      'cflags_cc': ['-std=c++17', '-fexceptions'],
      'cflags_cc!': ['-fno-exceptions'],
      'libraries': ['-L<(tensorflow)/lib', '-ltensorflow', '-ltensorflow_framework'],
    },
  ],
}
