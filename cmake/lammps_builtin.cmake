# Compiles the styles into LAMMPS itself, without editing its files and without the PLUGIN package:
#   cmake -S lammps/cmake -B build -DCMAKE_PROJECT_lammps_INCLUDE=/path/to/this/cmake/lammps_builtin.cmake ...
# LAMMPS' CMake includes this file right after its project(); what needs the target lammps waits until the end.
include(${CMAKE_CURRENT_LIST_DIR}/StyleSources.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Eigen.cmake)

# the lists from which LAMMPS writes style_pair.h and style_fix.h
set_property(GLOBAL APPEND PROPERTY PAIR ${RFMEAM_SOURCE_DIR}/pair_rfmeam_qeq/pair_rfmeam_qeq.h)
set_property(GLOBAL APPEND PROPERTY FIX ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc.h)
if(PKG_KOKKOS)
  set_property(GLOBAL APPEND PROPERTY PAIR ${RFMEAM_SOURCE_DIR}/pair_rfmeam_qeq/pair_rfmeam_qeq_kokkos.h)
  set_property(GLOBAL APPEND PROPERTY FIX ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc_kokkos.h)
  list(APPEND RFMEAM_STYLE_SOURCES ${RFMEAM_KOKKOS_SOURCES})
  if(PKG_KSPACE)
    list(APPEND RFMEAM_STYLE_SOURCES ${RFMEAM_PPPM_KOKKOS_SOURCES})
    cmake_language(DEFER CALL target_compile_definitions lammps PRIVATE RFMEAM_PPPM_KOKKOS)
  endif()
endif()

cmake_language(DEFER CALL target_sources lammps PRIVATE ${RFMEAM_STYLE_SOURCES})
cmake_language(DEFER CALL target_include_directories lammps PRIVATE ${RFMEAM_SOURCE_DIR} ${RFMEAM_STYLE_FOLDERS})
# both, as LAMMPS' functions for messages are other ones in C++20
cmake_language(DEFER CALL target_compile_features lammps PRIVATE cxx_std_20)
cmake_language(DEFER CALL target_compile_features lmp PRIVATE cxx_std_20)
cmake_language(DEFER CALL target_link_libraries lammps PRIVATE Eigen3::Eigen)
