# The target lammps: headers, definitions and libraries to compile a plugin for the LAMMPS of LAMMPSBuild.cmake.
# LAMMPS itself need not be linked: the program that loads the plugin has its symbols.
# LAMMPS_LIBRARY out: the shared library of LAMMPS, if there is one. RFMEAM_KOKKOS_STYLES out: whether the .../kk styles can be built.

set(RFMEAM_KOKKOS AUTO CACHE STRING
  "The styles rfmeam/qeq/kk and qeq/vc/kk: AUTO if LAMMPS has KOKKOS, OFF, or a backend that must be there: OPENMP CUDA HIP")
set_property(CACHE RFMEAM_KOKKOS PROPERTY STRINGS AUTO OFF OPENMP CUDA HIP)

find_library(LAMMPS_LIBRARY NAMES liblammps${CMAKE_SHARED_LIBRARY_SUFFIX}
  HINTS ${LAMMPS_BINARY_DIR} ${LAMMPS_ROOT}/lib ${LAMMPS_ROOT}/lib64 NO_DEFAULT_PATH)

add_library(lammps INTERFACE)
target_include_directories(lammps SYSTEM INTERFACE ${LAMMPS_DIR}/src ${LAMMPS_DIR}/third_party)
string(TOUPPER "${LAMMPS_CONFIG_LAMMPS_SIZES}" sizes)
target_compile_definitions(lammps INTERFACE LAMMPS_${sizes})
if(LAMMPS_CONFIG_FFT_SINGLE)
  target_compile_definitions(lammps INTERFACE FFT_SINGLE)
endif()

if(LAMMPS_CONFIG_CMAKE_CXX_STANDARD LESS 20)
  target_compile_options(lammps INTERFACE "SHELL:-include ${CMAKE_CURRENT_LIST_DIR}/lammps_fmt.h")
endif()

if(LAMMPS_CONFIG_BUILD_MPI)
  if(LAMMPS_CONFIG_MPI_CXX_COMPILER)
    set(MPI_CXX_COMPILER ${LAMMPS_CONFIG_MPI_CXX_COMPILER} CACHE FILEPATH "The MPI LAMMPS was built with")
  endif()
  set(MPI_CXX_SKIP_MPICXX TRUE CACHE BOOL "")
  find_package(MPI COMPONENTS CXX)
  if(NOT MPI_CXX_FOUND)
    message(FATAL_ERROR "LAMMPS was built with MPI, and no MPI was found here. Install the development package of the MPI "
      "that LAMMPS uses (on Debian: libopenmpi-dev) or name its compiler with -DMPI_CXX_COMPILER=/path/to/mpicxx.")
  endif()
  target_link_libraries(lammps INTERFACE MPI::MPI_CXX)
else()
  target_include_directories(lammps SYSTEM INTERFACE ${LAMMPS_DIR}/src/STUBS)
endif()

if(LAMMPS_CONFIG_BUILD_OMP)
  find_package(OpenMP REQUIRED COMPONENTS CXX)
  target_link_libraries(lammps INTERFACE OpenMP::OpenMP_CXX)
endif()

set(RFMEAM_KOKKOS_STYLES OFF)
if(LAMMPS_CONFIG_PKG_KOKKOS AND RFMEAM_KOKKOS)
  # A build of Kokkos within that of LAMMPS (bundled or downloaded), or the one LAMMPS found.
  if(LAMMPS_CONFIG_EXTERNAL_KOKKOS)
    set(hints ${LAMMPS_CONFIG_Kokkos_DIR})
  elseif(LAMMPS_CONFIG_DOWNLOAD_KOKKOS)
    set(hints ${LAMMPS_BINARY_DIR}/kokkos_build-prefix/lib/cmake/Kokkos)
  else()
    set(hints ${LAMMPS_BINARY_DIR}/lib/kokkos)
  endif()
  find_package(Kokkos CONFIG HINTS ${hints})
  if(NOT Kokkos_FOUND)
    message(FATAL_ERROR "LAMMPS was built with KOKKOS, and its Kokkos was not found in '${hints}'. Name the folder of "
      "KokkosConfig.cmake with -DKokkos_DIR=..., or leave the kk styles out with -DRFMEAM_KOKKOS=OFF.")
  endif()
  set(RFMEAM_KOKKOS_STYLES ON)

  # A shared Kokkos is linked, so that the plugin and LAMMPS have the same. A static one is inside LAMMPS; linking it
  # would make a second copy with a state of its own. Its archives come after LAMMPS' library only, from where they
  # add what no style of LAMMPS has called for, and nothing that LAMMPS has.
  get_target_property(type Kokkos::kokkoscore TYPE)
  if(type STREQUAL "SHARED_LIBRARY")
    target_link_libraries(lammps INTERFACE Kokkos::kokkos)
  else()
    foreach(library kokkoscore kokkoscontainers kokkosalgorithms)
      target_include_directories(lammps SYSTEM INTERFACE
        $<TARGET_PROPERTY:Kokkos::${library},INTERFACE_INCLUDE_DIRECTORIES>)
    endforeach()
    foreach(property DEFINITIONS OPTIONS FEATURES)
      get_target_property(value Kokkos::kokkoscore INTERFACE_COMPILE_${property})
      if(value)
        set_property(TARGET lammps APPEND PROPERTY INTERFACE_COMPILE_${property} ${value})
      endif()
    endforeach()
    if(LAMMPS_LIBRARY)
      target_link_libraries(lammps INTERFACE ${LAMMPS_LIBRARY}
        $<TARGET_FILE:Kokkos::kokkoscontainers> $<TARGET_FILE:Kokkos::kokkoscore>)
    endif()
  endif()

  string(TOUPPER "${LAMMPS_CONFIG_KOKKOS_PREC}" precision)
  set(precision_DOUBLE DOUBLE_DOUBLE)
  set(precision_MIXED SINGLE_DOUBLE)
  set(precision_SINGLE SINGLE_SINGLE)
  string(TOUPPER "${LAMMPS_CONFIG_KOKKOS_LAYOUT}" layout)
  target_include_directories(lammps SYSTEM INTERFACE ${LAMMPS_DIR}/src/KOKKOS)
  target_compile_definitions(lammps INTERFACE LMP_KOKKOS LMP_KOKKOS_${precision_${precision}} LMP_KOKKOS_LAYOUT_${layout})
  if(Kokkos_ENABLE_CUDA AND CMAKE_CXX_COMPILER MATCHES "nvcc_wrapper$")
    target_compile_options(lammps INTERFACE "SHELL:-Xcudafe --diag_suppress=unrecognized_pragma,--diag_suppress=128")
  endif()
endif()

if(NOT RFMEAM_KOKKOS MATCHES "^(AUTO|OFF)$")
  if(NOT LAMMPS_CONFIG_PKG_KOKKOS)
    message(FATAL_ERROR "RFMEAM_KOKKOS=${RFMEAM_KOKKOS}, and LAMMPS in ${LAMMPS_PLACE} has no KOKKOS. Build it with "
      "-DPKG_KOKKOS=ON -DKokkos_ENABLE_${RFMEAM_KOKKOS}=ON.")
  elseif(NOT Kokkos_ENABLE_${RFMEAM_KOKKOS})
    message(FATAL_ERROR "RFMEAM_KOKKOS=${RFMEAM_KOKKOS}, and the Kokkos of LAMMPS has only: ${Kokkos_DEVICES}. Build LAMMPS "
      "with -DKokkos_ENABLE_${RFMEAM_KOKKOS}=ON.")
  endif()
endif()
