# The target rfmeamqeqplugin.
include(LAMMPSInterface)
include(Eigen)
include(StyleSources)

add_library(rfmeamqeqplugin MODULE src/plugin.cpp ${RFMEAM_STYLE_SOURCES})
if(RFMEAM_KOKKOS_STYLES)
  target_sources(rfmeamqeqplugin PRIVATE ${RFMEAM_KOKKOS_SOURCES})
endif()
target_include_directories(rfmeamqeqplugin PRIVATE ${RFMEAM_SOURCE_DIR} ${RFMEAM_STYLE_FOLDERS})
target_link_libraries(rfmeamqeqplugin PRIVATE rfmeam rfmeam_warnings lammps Eigen3::Eigen)
# no link-time optimisation: LAMMPS' inline functions must stay the ones of the program that loads the plugin
target_compile_options(rfmeamqeqplugin PRIVATE -fno-lto)
set_target_properties(rfmeamqeqplugin PROPERTIES PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
if(APPLE)
  target_link_options(rfmeamqeqplugin PRIVATE -undefined dynamic_lookup)
endif()
add_dependencies(runtime rfmeamqeqplugin)
install(TARGETS rfmeamqeqplugin LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/lammps/plugins)

message(STATUS "LAMMPS ${LAMMPS_VERSION} in ${LAMMPS_DIR}: MPI ${LAMMPS_CONFIG_BUILD_MPI}, "
  "sizes ${LAMMPS_CONFIG_LAMMPS_SIZES}, kk styles ${RFMEAM_KOKKOS_STYLES}")
if(RFMEAM_KOKKOS_STYLES)
  message(STATUS "Kokkos ${Kokkos_VERSION} (${Kokkos_DEVICES}, ${type}), ${LAMMPS_CONFIG_KOKKOS_PREC} precision")
endif()
