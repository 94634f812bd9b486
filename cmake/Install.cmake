# cmake --install: potentials beside LAMMPS' own (and Plugin.cmake's plugin in lib/lammps/plugins), the headers of the physics
# with a CMake package, and what sets the variables in which LAMMPS looks: a script to source and a module file.
include(CMakePackageConfigHelpers)
set(package lib/cmake/rfmeam-qeq)

file(GLOB potentials CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/potentials/*.rfmeam)
install(FILES ${potentials} DESTINATION share/lammps/potentials)

install(DIRECTORY src/rfmeam DESTINATION include FILES_MATCHING PATTERN *.h)
install(TARGETS rfmeam EXPORT rfmeam-qeq)
install(EXPORT rfmeam-qeq NAMESPACE rfmeam:: FILE targets.cmake DESTINATION ${package})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/install/rfmeam-qeqConfig.cmake.in rfmeam-qeqConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(rfmeam-qeqConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/rfmeam-qeqConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/rfmeam-qeqConfigVersion.cmake
  DESTINATION ${package})

# written when it is known where to: --prefix may differ from CMAKE_INSTALL_PREFIX of now
set(templates ${CMAKE_CURRENT_LIST_DIR}/install)
install(CODE "
  get_filename_component(CMAKE_INSTALL_FULL \"\${CMAKE_INSTALL_PREFIX}\" ABSOLUTE)
  set(VERSION ${PROJECT_VERSION})
  set(LAMMPS_VERSION \"${LAMMPS_VERSION}\")
  set(to \"\$ENV{DESTDIR}\${CMAKE_INSTALL_FULL}\")
  configure_file(${templates}/profile.sh.in \"\${to}/etc/profile.d/rfmeam-qeq.sh\" @ONLY)
  configure_file(${templates}/module.in \"\${to}/share/modulefiles/rfmeam-qeq/${PROJECT_VERSION}\" @ONLY)
  message(STATUS \"Use it: . \${CMAKE_INSTALL_FULL}/etc/profile.d/rfmeam-qeq.sh\")")
