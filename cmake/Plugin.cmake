# The plugin: rfmeamqeqplugin.so and, beside it, rfmeamqeq_styles.so.
include(LAMMPSInterface)
include(Eigen)
include(StyleSources)
set(RFMEAM_PLUGIN_FOLDER lib/lammps/plugins) # of an installation, as Install.cmake's files say

# the styles
add_library(rfmeamqeq_styles MODULE src/register_styles.cpp ${RFMEAM_STYLE_SOURCES})
if(RFMEAM_KOKKOS_STYLES)
  target_sources(rfmeamqeq_styles PRIVATE ${RFMEAM_KOKKOS_SOURCES})
  if(LAMMPS_CONFIG_PKG_KSPACE)
    target_sources(rfmeamqeq_styles PRIVATE ${RFMEAM_PPPM_KOKKOS_SOURCES})
    set_source_files_properties(${RFMEAM_PPPM_KOKKOS_SOURCES} PROPERTIES INCLUDE_DIRECTORIES ${LAMMPS_DIR}/src/KSPACE)
    set_source_files_properties(${RFMEAM_SOURCE_DIR}/long_range/kspace_potential.cpp PROPERTIES
      COMPILE_DEFINITIONS RFMEAM_PPPM_KOKKOS)
  endif()
endif()
target_include_directories(rfmeamqeq_styles PRIVATE ${RFMEAM_SOURCE_DIR} ${RFMEAM_STYLE_FOLDERS})
target_link_libraries(rfmeamqeq_styles PRIVATE rfmeam rfmeam_warnings lammps Eigen3::Eigen)
if(RFMEAM_DEVICE_SHAPE)
  target_compile_definitions(rfmeamqeq_styles PRIVATE RFMEAM_DEVICE_SHAPE)
endif()

# what LAMMPS loads, and what loads the styles; it links nothing, so that any LAMMPS can load it and be told why not
add_library(rfmeamqeqplugin MODULE src/plugin.cpp)
target_include_directories(rfmeamqeqplugin SYSTEM PRIVATE $<TARGET_PROPERTY:lammps,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(rfmeamqeqplugin PRIVATE $<TARGET_PROPERTY:lammps,INTERFACE_COMPILE_DEFINITIONS>
  RFMEAM_WITH_MPI=$<BOOL:${LAMMPS_CONFIG_BUILD_MPI}>)
target_link_libraries(rfmeamqeqplugin PRIVATE rfmeam_warnings ${CMAKE_DL_LIBS})
add_dependencies(rfmeamqeqplugin rfmeamqeq_styles)

foreach(library rfmeamqeq_styles rfmeamqeqplugin)
  # no link-time optimisation: LAMMPS' inline functions must stay the ones of the program that loads the plugin
  target_compile_options(${library} PRIVATE -fno-lto)
  set_target_properties(${library} PROPERTIES PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  if(APPLE)
    target_link_options(${library} PRIVATE -undefined dynamic_lookup)
  endif()
  install(TARGETS ${library} LIBRARY DESTINATION ${RFMEAM_PLUGIN_FOLDER})
endforeach()
add_dependencies(runtime rfmeamqeqplugin)

if(RFMEAM_SANITIZE)
  include(Sanitizers)
endif()

message(STATUS "LAMMPS ${LAMMPS_VERSION} in ${LAMMPS_DIR}: MPI ${LAMMPS_CONFIG_BUILD_MPI}, "
  "sizes ${LAMMPS_CONFIG_LAMMPS_SIZES}, kk styles ${RFMEAM_KOKKOS_STYLES}")
if(RFMEAM_KOKKOS_STYLES)
  message(STATUS "Kokkos ${Kokkos_VERSION} (${Kokkos_DEVICES}, ${type}), ${LAMMPS_CONFIG_KOKKOS_PREC} precision")
endif()
