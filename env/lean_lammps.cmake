# Leaves most of the KOKKOS package's styles out of a LAMMPS that only the tests of the present styles use, as each
# takes half a minute to compile (minutes with nvcc): -DCMAKE_PROJECT_lammps_INCLUDE=/path/to/this/lean_lammps.cmake.
# LAMMPS' CMake includes this file right after its project(); what it registers is cut down when it is done.

# the styles that stay, beside those of no kind named below (run styles, neighbour lists, communication)
set(LEAN_KOKKOS_STYLES
  atom_vec_atomic atom_vec_charge pair_hybrid pair_hybrid_overlay pair_lj_cut pair_meam pair_zbl compute_temp
  fix_minimize fix_nh fix_npt fix_nve fix_nvt fix_property_atom)

function(is_left_out file result)
  set(${result} OFF PARENT_SCOPE)
  if(file MATCHES "/KOKKOS/((atom_vec|pair|bond|angle|dihedral|improper|compute|fix|region)_.+)_kokkos\\.(cpp|h)$" AND
     NOT CMAKE_MATCH_1 IN_LIST LEAN_KOKKOS_STYLES)
    set(${result} ON PARENT_SCOPE)
  endif()
endfunction()

function(leave_out_kokkos_styles)
  foreach(kind ATOM_VEC PAIR BOND ANGLE DIHEDRAL IMPROPER COMPUTE FIX REGION)
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

cmake_language(DEFER CALL leave_out_kokkos_styles)
