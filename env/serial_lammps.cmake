# A LAMMPS without MPI, OpenMP and KOKKOS, for tests of the plugin and of the styles compiled into LAMMPS:
#   cmake -S lammps/cmake -B build -C serial_lammps.cmake
# As C++17, LAMMPS' default without KOKKOS. Not optimised: it is compiled in minutes, and the tests are short and need few styles.
foreach(option BUILD_MPI BUILD_OMP PKG_KOKKOS BUILD_TOOLS)
  set(${option} OFF CACHE BOOL "")
endforeach()
foreach(option BUILD_SHARED_LIBS PKG_PLUGIN)
  set(${option} ON CACHE BOOL "")
endforeach()
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_CXX_FLAGS_RELEASE "-O0 -DNDEBUG" CACHE STRING "")
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE} CACHE STRING "")
endif()
set(LEAN_CORE ON CACHE BOOL "")
set(CMAKE_PROJECT_INCLUDE ${CMAKE_CURRENT_LIST_DIR}/lean_lammps.cmake CACHE FILEPATH "")
