# The files of the LAMMPS styles, for the plugin and for building them into LAMMPS.
get_filename_component(RFMEAM_SOURCE_DIR ${CMAKE_CURRENT_LIST_DIR}/../src ABSOLUTE)
set(RFMEAM_STYLE_FOLDERS ${RFMEAM_SOURCE_DIR}/pair_rfmeam_qeq ${RFMEAM_SOURCE_DIR}/fix_qeq_vc)
set(RFMEAM_STYLE_SOURCES
  ${RFMEAM_SOURCE_DIR}/pair_rfmeam_qeq/pair_rfmeam_qeq.cpp
  ${RFMEAM_SOURCE_DIR}/pair_rfmeam_qeq/direct_solve.cpp
  ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc.cpp
  ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc_arguments.cpp
  ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc_field.cpp
  ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc_groups.cpp
  ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc_restart.cpp
  ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc_shadow.cpp
  ${RFMEAM_SOURCE_DIR}/long_range/kspace_potential.cpp
  ${RFMEAM_SOURCE_DIR}/long_range/ewald_potential.cpp
  ${RFMEAM_SOURCE_DIR}/long_range/pppm_potential.cpp
  ${RFMEAM_SOURCE_DIR}/charges/gamma_row.cpp
  ${RFMEAM_SOURCE_DIR}/charges/near_sites.cpp
  ${RFMEAM_SOURCE_DIR}/charges/dense_charge_solver.cpp)
set(RFMEAM_KOKKOS_SOURCES
  ${RFMEAM_SOURCE_DIR}/pair_rfmeam_qeq/pair_rfmeam_qeq_kokkos.cpp
  ${RFMEAM_SOURCE_DIR}/fix_qeq_vc/fix_qeq_vc_kokkos.cpp)
# with RFMEAM_PPPM_KOKKOS: calls functions that LAMMPS has if it has both KOKKOS and KSPACE
set(RFMEAM_PPPM_KOKKOS_SOURCES ${RFMEAM_SOURCE_DIR}/long_range/pppm_potential_kokkos.cpp)

# a square root that may set errno keeps a loop from being vectorised
if(NOT MSVC)
  set_source_files_properties(${RFMEAM_SOURCE_DIR}/charges/gamma_row.cpp PROPERTIES COMPILE_OPTIONS -fno-math-errno)
endif()
