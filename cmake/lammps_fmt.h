// Included before all else in a plugin for a LAMMPS that was compiled as C++17. LAMMPS formats its messages with
// std::format where the compiler has it, as C++20 it has, else with a library of its own; the arguments of its
// functions are of one or the other. The plugin is C++20: without the macro below LAMMPS' fmt/format.h takes the
// library for it, too.
#include <version>
#if defined(__cpp_lib_format)
#include <chrono>
#include <format>
#include <ostream>    // headers that would define it again
#undef __cpp_lib_format
#endif
