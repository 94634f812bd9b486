# Leaves most styles out of a LAMMPS that only the tests of the present ones use: those of the KOKKOS package, as each takes
# half a minute to compile (minutes with nvcc), and with -DLEAN_CORE=ON those of LAMMPS itself.
#   -DCMAKE_PROJECT_lammps_INCLUDE=/path/to/this/lean_lammps.cmake     (or CMAKE_PROJECT_INCLUDE, beside another one)
# LAMMPS' CMake includes this file right after its project(); what it registers is cut down when it is done.
include_guard(GLOBAL)

# the styles that stay, beside those of no kind named below (run styles, neighbour lists, communication)
set(LEAN_KOKKOS_STYLES
  atom_vec_atomic atom_vec_charge pair_hybrid pair_hybrid_overlay pair_lj_cut pair_meam pair_zbl compute_temp
  fix_minimize fix_nh fix_npt fix_nve fix_nvt fix_property_atom)
# those that the tests use, that the present styles and that other files of LAMMPS need
set(LEAN_CORE_STYLES
  compute_ke compute_pair compute_pe compute_pe_atom compute_pressure compute_stress_atom compute_temp dump_atom dump_custom
  fix_adapt fix_efield fix_nve fix_pair fix_property_atom pair_hybrid_overlay region_block
  compute_chunk_atom compute_fragment_atom fix_bond_history fix_deform fix_external fix_minimize fix_read_restart fix_respa
  fix_store_atom pair_hybrid region_prism)

function(is_left_out file result)
  set(${result} OFF PARENT_SCOPE)
  if(file MATCHES "/KOKKOS/((atom_vec|pair|bond|angle|dihedral|improper|compute|fix|region)_.+)_kokkos\\.(cpp|h)$" AND
     NOT CMAKE_MATCH_1 IN_LIST LEAN_KOKKOS_STYLES)
    set(${result} ON PARENT_SCOPE)
  elseif(LEAN_CORE AND file MATCHES "^${LAMMPS_SOURCE_DIR}/((pair|compute|fix|dump|region)_[^/]+)\\.(cpp|h)$" AND
         NOT CMAKE_MATCH_1 IN_LIST LEAN_CORE_STYLES)
    set(${result} ON PARENT_SCOPE)
  endif()
endfunction()

function(leave_out_styles)
  foreach(kind ATOM_VEC PAIR BOND ANGLE DIHEDRAL IMPROPER COMPUTE FIX REGION DUMP)
    get_property(headers GLOBAL PROPERTY ${kind})
    set(kept)
    foreach(header IN LISTS headers)
      is_left_out(${header} left_out)
      if(NOT left_out)
        list(APPEND kept ${header})
      endif()
    endforeach()
    set_property(GLOBAL PROPERTY ${kind} "${kept}")
  endforeach()
  GenerateStyleHeaders(${LAMMPS_STYLE_HEADERS_DIR})

  get_target_property(sources lammps SOURCES)
  set(kept)
  foreach(source IN LISTS sources)
    is_left_out(${source} left_out)
    if(NOT left_out)
      list(APPEND kept ${source})
    endif()
  endforeach()
  set_property(TARGET lammps PROPERTY SOURCES "${kept}")
endfunction()

cmake_language(DEFER CALL leave_out_styles)
