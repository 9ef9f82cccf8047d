{
  "targets": [
    {
      "target_name": "hugepages",
      "sources": ["<!@(node scripts/native-sources.mjs)"],
      "include_dirs": ["native"],
      # The last one: while a worker is terminated no exception can be thrown, and trying to would abort the process.
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      # Node's own flags forbid exceptions and RTTI and follow each version's C++ standard; core is plain C++17 everywhere.
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": [
        "-std=c++17",
        "-fexceptions",
        "-fvisibility-inlines-hidden",
        # As a system directory, so that its warnings are not ours.
        "-isystem<!(node -p \"path.dirname(require.resolve('node-addon-api'))\")"
      ],
      "cflags": [
        "-fvisibility=hidden",
        "-ffunction-sections",
        "-fdata-sections",
        "-pthread",
        "-Wall",
        "-Wextra",
        "-Wshadow",
        "-Werror=return-type",
        "-Werror=format",
        "-Werror=uninitialized"
      ],
      "configurations": { "Release": { "cflags!": ["-O3"], "cflags": ["-O2"] } },
      "ldflags": [
        # An addon loaded only in a worker is otherwise unloaded at its exit, and a later finalizer jumps into unmapped code.
        "-Wl,-z,nodelete",
        "-Wl,-z,relro,-z,now",
        "-Wl,--as-needed",
        "-Wl,--gc-sections",
        # One binary serves old distributions: it brings its C++ runtime, and nothing of that is seen by, or taken from, anyone else.
        # libgcc_s stays shared: Node needs it too, and a static one of GCC 12 would ask for glibc 2.35.
        "-static-libstdc++",
        "-Wl,--version-script=<(module_root_dir)/native/binding/exports.map",
        "-Wl,@<(module_root_dir)/native/binding/old_glibc.ldopts",
        "-pthread"
      ]
    }
  ]
}
