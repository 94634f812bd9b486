# How LAMMPS was built: LAMMPS_SOURCE_DIR, LAMMPS_BINARY_DIR or LAMMPS_ROOT in, checked, and the settings that a
# plugin has to share with it out: LAMMPS_CONFIG_<setting>, LAMMPS_VERSION, LAMMPS_DIR (top folder of the sources),
# LAMMPS_PLACE (where it was built or installed, for messages).

foreach(folder SOURCE_DIR BINARY_DIR ROOT)
  set(LAMMPS_${folder} "$ENV{LAMMPS_${folder}}" CACHE PATH "")
endforeach()
set_property(CACHE LAMMPS_SOURCE_DIR PROPERTY HELPSTRING "LAMMPS source tree")
set_property(CACHE LAMMPS_BINARY_DIR PROPERTY HELPSTRING "Folder LAMMPS was built in (default: build in the source tree)")
set_property(CACHE LAMMPS_ROOT PROPERTY HELPSTRING "Folder LAMMPS was installed in (default: where its LAMMPSConfig.cmake is)")

# The source tree, its top folder or src; version.h says "4 Jul 2026".
get_filename_component(LAMMPS_DIR "${LAMMPS_SOURCE_DIR}" ABSOLUTE)
if(NOT EXISTS ${LAMMPS_DIR}/src/version.h)
  get_filename_component(LAMMPS_DIR "${LAMMPS_DIR}" DIRECTORY)
endif()
if(NOT LAMMPS_SOURCE_DIR OR NOT EXISTS ${LAMMPS_DIR}/src/version.h)
  message(FATAL_ERROR "The plugin is compiled against the source tree of LAMMPS, as LAMMPS installs only some of its "
    "headers. None was found in LAMMPS_SOURCE_DIR='${LAMMPS_SOURCE_DIR}'. Give it with "
    "-DLAMMPS_SOURCE_DIR=/path/to/lammps (the same that LAMMPS was built from), or build "
    "without the plugin: -DRFMEAM_PLUGIN=OFF.")
endif()
file(STRINGS ${LAMMPS_DIR}/src/version.h LAMMPS_VERSION REGEX "LAMMPS_VERSION")
string(REGEX REPLACE ".*\"(.*)\".*" "\\1" LAMMPS_VERSION "${LAMMPS_VERSION}")
string(REGEX MATCH "([0-9]+) (...) ([0-9]+)" _ "${LAMMPS_VERSION}")
string(FIND "JanFebMarAprMayJunJulAugSepOctNovDec" "${CMAKE_MATCH_2}" month)
math(EXPR date "${CMAKE_MATCH_3} * 10000 + (${month} / 3 + 1) * 100 + ${CMAKE_MATCH_1}")

# The folder it was built in, else the one it was installed in: LAMMPS_ROOT, or where its LAMMPSConfig.cmake is found.
if(NOT LAMMPS_BINARY_DIR AND NOT LAMMPS_ROOT)
  if(EXISTS ${LAMMPS_DIR}/build/CMakeCache.txt)
    set(LAMMPS_BINARY_DIR ${LAMMPS_DIR}/build)
  else()
    find_file(LAMMPS_CONFIG_FILE LAMMPSConfig.cmake PATHS /usr/local
      PATH_SUFFIXES lib/cmake/LAMMPS lib64/cmake/LAMMPS ../lib/cmake/LAMMPS ../lib64/cmake/LAMMPS)
    if(LAMMPS_CONFIG_FILE)
      get_filename_component(LAMMPS_ROOT ${LAMMPS_CONFIG_FILE}/../../../.. ABSOLUTE)
    endif()
  endif()
endif()
set(settings PKG_KOKKOS PKG_KSPACE PKG_PLUGIN BUILD_MPI BUILD_OMP BUILD_SHARED_LIBS LAMMPS_SIZES KOKKOS_PREC KOKKOS_LAYOUT FFT_SINGLE)
set(cache_file ${LAMMPS_BINARY_DIR}/CMakeCache.txt)
set(LAMMPS_PLACE ${LAMMPS_BINARY_DIR})
if(EXISTS ${cache_file})
  load_cache(${LAMMPS_BINARY_DIR} READ_WITH_PREFIX LAMMPS_CONFIG_ ${settings}
    CMAKE_CXX_COMPILER CMAKE_CXX_COMPILER_LAUNCHER CMAKE_CXX_STANDARD MPI_CXX_COMPILER EXTERNAL_KOKKOS DOWNLOAD_KOKKOS
    Kokkos_DIR)
  if(LAMMPS_CONFIG_PKG_KOKKOS)
    set(LAMMPS_CONFIG_CMAKE_CXX_STANDARD 20) # whatever was asked for
  elseif(NOT LAMMPS_CONFIG_CMAKE_CXX_STANDARD)
    set(LAMMPS_CONFIG_CMAKE_CXX_STANDARD 17) # LAMMPS' default
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${cache_file} ${LAMMPS_DIR}/src/version.h)
elseif(LAMMPS_ROOT)
  set(LAMMPS_PLACE ${LAMMPS_ROOT})
  include(LAMMPSInstalled)
else()
  message(FATAL_ERROR "LAMMPS must be built first, the plugin shares its settings: no CMakeCache.txt in "
    "'${LAMMPS_BINARY_DIR}', none in ${LAMMPS_DIR}/build, and no installed LAMMPS (its LAMMPSConfig.cmake) in CMAKE_PREFIX_PATH. "
    "Give the folder it was built in with -DLAMMPS_BINARY_DIR=..., or the one it was installed in with -DLAMMPS_ROOT=...")
endif()

set(kokkos_styles ${LAMMPS_CONFIG_PKG_KOKKOS})
if(DEFINED RFMEAM_KOKKOS AND NOT RFMEAM_KOKKOS)
  set(kokkos_styles OFF)
endif()
if(date LESS 20250722)
  message(FATAL_ERROR "LAMMPS in ${LAMMPS_DIR} is of ${LAMMPS_VERSION}; the plugin needs 22 Jul 2025 or later, and with kk "
    "styles 4 Jul 2026 or later. Fetch a newer LAMMPS and build it.")
elseif(kokkos_styles AND date LESS 20260704)
  message(FATAL_ERROR "LAMMPS in ${LAMMPS_DIR} is of ${LAMMPS_VERSION}; the kk styles need 4 Jul 2026 or later, the first "
    "with the present floating-point types of the KOKKOS package. Fetch a newer LAMMPS and build it, or leave the kk styles "
    "out with -DRFMEAM_KOKKOS=OFF.")
endif()
if(NOT LAMMPS_CONFIG_PKG_PLUGIN)
  message(FATAL_ERROR "LAMMPS in ${LAMMPS_PLACE} cannot load plugins. Build it with -DPKG_PLUGIN=ON, or compile the "
    "styles into it: cmake -S ${LAMMPS_DIR}/cmake -DCMAKE_PROJECT_lammps_INCLUDE=${CMAKE_CURRENT_LIST_DIR}/lammps_builtin.cmake")
endif()
if(NOT LAMMPS_CONFIG_BUILD_SHARED_LIBS)
  message(WARNING "LAMMPS was built without -DBUILD_SHARED_LIBS=ON: its lmp may lack functions that the plugin calls.")
endif()

if(LAMMPS_CONFIG_CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  set(CMAKE_CXX_COMPILER ${LAMMPS_CONFIG_CMAKE_CXX_COMPILER} CACHE FILEPATH "The compiler LAMMPS was built with")
endif()
if(LAMMPS_CONFIG_CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${LAMMPS_CONFIG_CMAKE_CXX_COMPILER_LAUNCHER} CACHE STRING "As for LAMMPS")
endif()
