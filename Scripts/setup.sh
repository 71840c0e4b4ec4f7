#!/usr/bin/env bash
# Finds what Ensue needs from the system (a Swift toolchain, Highway, xxHash, librsvg, libcurl) and installs the
# libraries that are missing. Run again, it finds everything and does nothing. Everything it says goes to standard error.
# The toolchain is not installed here: where to get it is said instead. Runs with the bash 3.2 of macOS.
set -euo pipefail

apt_packages="libhwy-dev libxxhash-dev librsvg2-dev libcurl4-openssl-dev pkg-config g++ make"
brew_formulas="highway xxhash librsvg curl"
dnf_packages="highway-devel xxhash-devel librsvg2-devel libcurl-devel pkgconf-pkg-config gcc-c++ make"
pacman_packages="highway xxhash librsvg curl pkgconf gcc make"

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  printf 'error: setup: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log="$scratch/log"

# The last line of the log that says what went wrong.
reason() {
  local line
  line=$(grep -iE 'error|^E:' "$log" | head -n 1 || true)
  [ -n "$line" ] || line=$(tail -n 1 "$log")
  printf '%s' "$line"
}

check_swift() {
  local advice="Install it from https://www.swift.org/install and put its usr/bin folder on PATH."
  have swift || fail "Swift 6.2 or later expected, found none on PATH. $advice"
  swift --version >"$log" 2>&1 || fail "Swift 6.2 or later expected, found one that does not start: $(reason). $advice"
  swift_version=$(sed -nE 's/.*Swift version ([0-9]+\.[0-9]+(\.[0-9]+)?).*/\1/p' "$log")
  local major=${swift_version%%.*} rest=${swift_version#*.}
  local minor=${rest%%.*}
  [ -n "$swift_version" ] || fail "Swift 6.2 or later expected, found a version that is not understood. $advice"
  if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
    fail "Swift 6.2 or later expected, found $swift_version. $advice"
  fi
}

# The C++ compiler the Swift build uses: the one beside `swift`, else the one on PATH.
compiler() {
  local beside
  beside="$(dirname "$(command -v swift)")/clang++"
  if [ -x "$beside" ]; then printf '%s' "$beside"; else printf 'clang++'; fi
}

# Compiles and links a program that uses every library; the compiler's words are in the log.
libraries_work() {
  : >"$log"
  if ! have pkg-config; then
    printf 'pkg-config is not installed\n' >"$log"
    return 1
  fi
  cat >"$scratch/probe.cpp" <<'CODE'
#include <cstddef>
#include <string>
#include <curl/curl.h>
#include <hwy/highway.h>
#include <xxhash.h>
#if !defined(HWY_MAJOR) || HWY_MAJOR < 1
#error "Highway 1.0 or later expected, found an older one (Debian 12 and Ubuntu 24.04 have 1.0)"
#endif
extern "C" void* rsvg_handle_new_from_data(const unsigned char*, std::size_t, void*);
int main() {
  const std::string text = "probe";
  return (XXH3_64bits(text.data(), 5) == 0) + (hwy::SupportedTargets() == 0) +
         (rsvg_handle_new_from_data(nullptr, 0, nullptr) != nullptr) + (curl_version() == nullptr);
}
CODE
  local flags
  flags=$(pkg-config --cflags --libs libxxhash "librsvg-2.0 >= 2.52" libcurl 2>"$log") || return 1
  # shellcheck disable=SC2086 # The flags are several words.
  "$(compiler)" -std=c++17 "$scratch/probe.cpp" -o "$scratch/probe" $flags -lhwy >"$log" 2>&1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" >"$log" 2>&1
}

apt_version() { dpkg-query -W -f='${Version}' "$1" 2>/dev/null || true; }

apt_missing() {
  local package
  for package in $apt_packages; do
    case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)" in
      "install ok installed") ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# Whether the package lists on this machine know a package; a fresh image has no lists.
apt_knows() {
  case "$(LC_ALL=C apt-cache policy "$1" 2>/dev/null || true)" in
    *"Candidate: (none)"*) return 1 ;;
    *"Candidate:"*) return 0 ;;
    *) return 1 ;;
  esac
}

apt_update() {
  say "updating the package lists (apt-get update)"
  apt_get update || fail "the package lists could not be updated: $(reason). Check the network and the apt sources."
  # It also ends well when no mirror answered.
  local package warning
  for package in "$@"; do
    apt_knows "$package" && continue
    warning=$(grep '^W:' "$log" | head -n 1 || true)
    fail "the package lists have no $package${warning:+ ($warning)}. Check the network and the apt sources."
  done
}

install_with_apt() {
  local missing package is_fresh=no
  missing=$(apt_missing)
  missing=${missing% }
  [ -n "$missing" ] || fail "every package is installed, but a program using them does not build: $(reason)"
  if [ "$(id -u)" -ne 0 ] && ! have sudo; then
    fail "$missing missing, and there is neither root nor sudo to install them. As root: apt-get install $missing"
  fi
  for package in $missing; do
    if ! apt_knows "$package"; then
      # shellcheck disable=SC2086 # Package names are words.
      apt_update $missing
      is_fresh=yes
      break
    fi
  done
  say "installing $missing (apt-get install)"
  # shellcheck disable=SC2086 # Package names are words.
  if ! apt_get install --yes --no-install-recommends $missing; then
    [ "$is_fresh" = no ] || fail "$missing could not be installed: $(reason)"
    # Old lists name files that the mirror no longer has.
    # shellcheck disable=SC2086
    apt_update $missing
    # shellcheck disable=SC2086
    apt_get install --yes --no-install-recommends $missing || fail "$missing could not be installed: $(reason)"
  fi
  for package in $missing; do say "installed $package $(apt_version "$package")"; done
}

setup_linux() {
  if libraries_work; then return; fi
  if have apt-get && have dpkg-query; then
    install_with_apt
  elif have dnf; then
    fail "libraries are missing ($(reason)). Install them: sudo dnf install $dnf_packages"
  elif have pacman; then
    fail "libraries are missing ($(reason)). Install them: sudo pacman -S --needed $pacman_packages"
  else
    fail "libraries are missing ($(reason)). Install Highway 1.0 or later, xxHash, librsvg 2.52 or later, libcurl and pkg-config."
  fi
  libraries_work || fail "the libraries are installed, but a program using them does not build: $(reason)"
}

setup_mac() {
  local formula missing=""
  have brew || fail "Homebrew expected, found none. Install it from https://brew.sh."
  for formula in $brew_formulas; do
    [ -n "$(brew list --versions "$formula" 2>/dev/null || true)" ] || missing="$missing $formula"
  done
  missing=${missing# }
  [ -n "$missing" ] || return 0
  say "installing $missing (brew install)"
  # shellcheck disable=SC2086
  HOMEBREW_NO_AUTO_UPDATE=1 brew install $missing >"$log" 2>&1 || fail "$missing could not be installed: $(reason)"
  for formula in $missing; do say "installed $(brew list --versions "$formula")"; done
}

check_swift
case "$(uname -s)" in
  Linux) setup_linux ;;
  Darwin) setup_mac ;;
  *) fail "Linux or macOS expected, found $(uname -s)." ;;
esac
say "Swift $swift_version, Highway, xxHash, librsvg and libcurl are there"
