{
  'targets': [{
    'target_name': 'quiet',
    'sources': ['quiet.c'],
    'libraries': ["-Wl,-rpath,'$$ORIGIN/../../deps/lib'", '-ldl'],
  }],
}
