// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace causeway::test {

/// A self-signed certificate with its key, made for one test and gone with it. It is its own
/// authority: `certificate_file()` serves as the list of authorities too.
class ThrowawayCertificate {
  public:
    /// `names` as in a certificate: "DNS:bank.test" or "IP:127.0.0.1", separated by commas.
    explicit ThrowawayCertificate(const std::string& names = "DNS:bank.test,IP:127.0.0.1",
                                  bool rsa = false) {
        std::string folder = std::filesystem::temp_directory_path() / "causeway-XXXXXX";
        if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = folder;
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
            rsa ? EVP_RSA_gen(2048U) : EVP_EC_gen("P-256"), &EVP_PKEY_free);
        const std::unique_ptr<X509, decltype(&X509_free)> leaf(X509_new(), &X509_free);
        sign(leaf.get(), key.get(), names);
        write(certificate_file(), [&](FILE* to) { return PEM_write_X509(to, leaf.get()); });
        write(private_key_file(), [&](FILE* to) {
            return PEM_write_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }
    ThrowawayCertificate(const ThrowawayCertificate&) = delete;
    ThrowawayCertificate& operator=(const ThrowawayCertificate&) = delete;
    ~ThrowawayCertificate() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] std::string certificate_file() const { return folder_ / "certificate.pem"; }
    [[nodiscard]] std::string private_key_file() const { return folder_ / "key.pem"; }

  private:
    static void sign(X509* leaf, EVP_PKEY* key, const std::string& names) {
        X509_set_version(leaf, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(leaf), 1);
        X509_gmtime_adj(X509_getm_notBefore(leaf), -3600);
        X509_gmtime_adj(X509_getm_notAfter(leaf), 3600);
        X509_set_pubkey(leaf, key);
        X509_NAME* const subject = X509_get_subject_name(leaf);
        const auto* common_name = reinterpret_cast<const unsigned char*>("throwaway");
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
        X509_set_issuer_name(leaf, subject);
        X509_EXTENSION* const san =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
        X509_add_ext(leaf, san, -1);
        X509_EXTENSION_free(san);
        if (X509_sign(leaf, key, EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
    }

    template <class Writer>
    static void write(const std::string& path, const Writer& writer) {
        FILE* const file = std::fopen(path.c_str(), "w");
        if (file == nullptr) throw std::runtime_error("cannot write " + path);
        const int written = writer(file);
        if (std::fclose(file) != 0 || written == 0) {
            throw std::runtime_error("cannot write " + path);
        }
    }

    std::filesystem::path folder_;
};

}  // namespace causeway::test
