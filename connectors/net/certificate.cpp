// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>

namespace causeway::net {
namespace {

struct FreeBio {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct FreeCertificate {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, FreeCertificate>;

std::optional<Timestamp> end_of(const X509& certificate) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &parts) != 1) return std::nullopt;
    const std::time_t seconds = timegm(&parts);
    return Timestamp(std::chrono::seconds(seconds));
}

}  // namespace

Result<Timestamp> certificate_end(const std::string& path) {
    const std::unique_ptr<BIO, FreeBio> file(BIO_new_file(path.c_str(), "r"));
    if (!file) return Error(ErrorCode::storage, "cannot read " + path);
    std::optional<Timestamp> first;
    for (;;) {
        const Certificate one(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
        if (!one) break;
        const std::optional<Timestamp> end = end_of(*one);
        if (!end) return Error(ErrorCode::invalid_argument, path + ": a date that is none");
        first = std::min(first.value_or(*end), *end);
    }
    if (!first) return Error(ErrorCode::invalid_argument, path + " holds no certificate");
    return *first;
}

}  // namespace causeway::net
