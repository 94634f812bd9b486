# RFMEAM_SANITIZE for the plugin: LAMMPS, MPI and Kokkos' library are not compiled with sanitizers, so the sanitizers'
# runtime has to be loaded before them. ${CMAKE_BINARY_DIR}/bin/lmp starts lmp so. Included by Plugin.cmake.

find_program(LAMMPS_PROGRAM lmp HINTS ${LAMMPS_BINARY_DIR} ${LAMMPS_ROOT}/bin NO_DEFAULT_PATH)
if(NOT LAMMPS_PROGRAM)
  message(FATAL_ERROR "RFMEAM_SANITIZE=${RFMEAM_SANITIZE} needs the program lmp, and there is none in "
    "'${LAMMPS_BINARY_DIR}' or '${LAMMPS_ROOT}/bin'. Name it with -DLAMMPS_PROGRAM=/path/to/lmp.")
endif()
set(sanitizers ${CMAKE_CURRENT_SOURCE_DIR}/unittest/sanitizers)
set(library_path)

# the plugin's own copies of LAMMPS' and Kokkos' inline functions, not those of liblammps.so, which have no checks
target_link_options(rfmeamqeq_styles PRIVATE -Wl,-Bsymbolic-functions)

# path of a library of the compiler's own
function(find_runtime name result)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${name} OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT EXISTS ${path})
    message(FATAL_ERROR "RFMEAM_SANITIZE=${RFMEAM_SANITIZE}: the compiler ${CMAKE_CXX_COMPILER} has no ${name}. Choose GCC "
      "with its sanitizers: -DCMAKE_CXX_COMPILER=g++.")
  endif()
  set(${result} ${path} PARENT_SCOPE)
endfunction()

# a program or script of that name in bin, which starts the program with the runtime
function(write_start name program)
  configure_file(${sanitizers}/run.in ${CMAKE_BINARY_DIR}/bin/${name} @ONLY USE_SOURCE_PERMISSIONS)
endfunction()

if(RFMEAM_SANITIZE MATCHES "thread" AND RFMEAM_KOKKOS_STYLES)
  # ThreadSanitizer must see every synchronisation. OpenMP: GCC's runtime does not tell, LLVM's, which stands in for it
  # under the same name, does so through Archer. Kokkos: its barrier is compiled into the plugin, with fences, which
  # ThreadSanitizer does not follow; unittest/sanitizers/tsan has it with atomic operations that it does follow.
  find_runtime(libtsan.so preload)
  file(GLOB llvm_folders LIST_DIRECTORIES ON /usr/lib/llvm-*/lib)
  find_library(LLVM_OPENMP NAMES libomp.so.5 libomp.so HINTS ${llvm_folders})
  find_library(ARCHER NAMES libarcher.so HINTS ${llvm_folders})
  if(NOT LLVM_OPENMP OR NOT ARCHER)
    message(FATAL_ERROR "RFMEAM_SANITIZE=thread needs LLVM's OpenMP library and Archer (on Debian: libomp-dev). Name them with "
      "-DLLVM_OPENMP=/path/to/libomp.so -DARCHER=/path/to/libarcher.so.")
  endif()
  set(folder ${CMAKE_BINARY_DIR}/tsan)
  file(MAKE_DIRECTORY ${folder})
  file(CREATE_LINK ${LLVM_OPENMP} ${folder}/libgomp.so.1 SYMBOLIC)
  set(library_path ${folder}:)
  string(APPEND preload :${folder}/kokkos_barrier.so)

  add_library(kokkos_barrier MODULE ${sanitizers}/tsan/kokkos_barrier.cpp)
  set_target_properties(kokkos_barrier PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${folder})
  add_executable(team_races ${sanitizers}/tsan/team_races.cpp)
  set_target_properties(team_races PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${folder})
  foreach(target kokkos_barrier team_races)
    target_link_libraries(${target} PRIVATE Kokkos::kokkos OpenMP::OpenMP_CXX)
    add_dependencies(runtime ${target})
  endforeach()
  foreach(target kokkos_barrier team_races rfmeamqeq_styles)
    target_include_directories(${target} BEFORE PRIVATE ${sanitizers}/tsan)
    target_compile_options(${target} PRIVATE -Wno-tsan) # GCC's word on the fences
  endforeach()
  write_start(team_races ${folder}/team_races)
elseif(RFMEAM_SANITIZE MATCHES "thread")
  find_runtime(libtsan.so preload)
elseif(RFMEAM_SANITIZE MATCHES "address")
  find_runtime(libasan.so preload)
else()
  find_runtime(libubsan.so preload)
endif()
write_start(lmp ${LAMMPS_PROGRAM})
