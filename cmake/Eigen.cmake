# Eigen3::Eigen, for the dense charge solver.
include_guard(GLOBAL)
option(DOWNLOAD_EIGEN3 "Download Eigen instead of using the installed one" OFF)
if(DOWNLOAD_EIGEN3)
  include(FetchContent)
  set(EIGEN3_URL "https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz" CACHE STRING "URL of Eigen's sources")
  FetchContent_Declare(eigen URL ${EIGEN3_URL}
    URL_HASH SHA256=8586084f71f9bde545ee7fa6d00288b264a2b7ac3607b974e54d13e7162c1c72 SOURCE_SUBDIR none)
  FetchContent_MakeAvailable(eigen)
  add_library(Eigen3::Eigen INTERFACE IMPORTED)
  target_include_directories(Eigen3::Eigen INTERFACE ${eigen_SOURCE_DIR})
else()
  find_package(Eigen3 3.4 CONFIG QUIET)
  if(NOT TARGET Eigen3::Eigen)
    message(FATAL_ERROR "Eigen 3.4 or later was not found; the direct charge solver needs it. Install it (on Debian: "
      "libeigen3-dev), name its folder with -DEigen3_DIR=..., or let it be fetched with -DDOWNLOAD_EIGEN3=ON.")
  endif()
endif()
