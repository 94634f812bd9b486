/* What LAMMPS reminds of in log.cite after a run with these styles: the sources of doc/cite.md. */
#ifndef RFMEAM_CITATIONS_H
#define RFMEAM_CITATIONS_H

#include "citeme.h"
#include "lammps.h"

namespace rfmeam::citations {

constexpr char package[] = "RF-MEAM with variable charges (pair_style rfmeam/qeq, fix qeq/vc): see its CITATION.cff\n\n"
                           "@Misc{RFMEAM-QEq,\n"
                           " author =  {{RF-MEAM/QEq developers}},\n"
                           " title =   {{RF-MEAM} with variable charges for {LAMMPS}}\n"
                           "}\n\n";

constexpr char model[] = "RF-MEAM: cutoff function and densities\n\n"
                         "@Article{Lazic2012,\n"
                         " author =  {I. Lazi{\\'c} and B. J. Thijsse},\n"
                         " journal = {Comput.\\ Mater.\\ Sci.},\n"
                         " year =    2012,\n"
                         " volume =  53,\n"
                         " pages =   {483}\n"
                         "}\n\n";

constexpr char conjugate_gradients[] = "fix qeq/vc, projected conjugate gradients: doi:10.1137/S1064827598345667\n\n"
                                       "@Article{Gould2001,\n"
                                       " author =  {N. I. M. Gould and M. E. Hribar and J. Nocedal},\n"
                                       " journal = {SIAM J.\\ Sci.\\ Comput.},\n"
                                       " year =    2001,\n"
                                       " volume =  23,\n"
                                       " pages =   {1376}\n"
                                       "}\n\n";

constexpr char shadow_dynamics[] =
    "fix qeq/vc solver xl, damped auxiliary charges and their shadow energy: doi:10.1063/1.3148075\n\n"
    "@Article{Niklasson2009,\n"
    " author =  {A. M. N. Niklasson and P. Steneteg and A. Odell and N. Bock and M. Challacombe and C. J. Tymczak and "
    "E. Holmstr{\\\"o}m and G. Zheng and V. Weber},\n"
    " journal = {J.\\ Chem.\\ Phys.},\n"
    " year =    2009,\n"
    " volume =  130,\n"
    " pages =   {214109}\n"
    "}\n\n"
    "@Article{Niklasson2014,\n"
    " author =  {A. M. N. Niklasson and M. J. Cawkwell},\n"
    " journal = {J.\\ Chem.\\ Phys.},\n"
    " year =    2014,\n"
    " volume =  141,\n"
    " pages =   {164123}\n"
    "}\n\n";

/// Adds a citation to those that LAMMPS prints; each is printed once. Nothing with -nocite.
inline void cite(LAMMPS_NS::LAMMPS *lmp, const char *text)
{
  if (lmp->citeme) lmp->citeme->add(text);
}

}    // namespace rfmeam::citations

#endif
