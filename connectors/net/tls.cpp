// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/tls.h"

#include <boost/system/system_error.hpp>

#include <utility>

namespace causeway::net {
namespace {

namespace ssl = boost::asio::ssl;

void refuse_old_versions(ssl::context& context) {
    context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                        ssl::context::no_sslv3 | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 |
                        ssl::context::no_compression);
}

void show(ssl::context& context, const TlsIdentity& identity) {
    context.use_certificate_chain_file(identity.certificate_file);
    context.use_private_key_file(identity.private_key_file, ssl::context::pem);
}

}  // namespace

Result<ssl::context> client_tls(const std::string& ca_file, const TlsIdentity& identity) {
    try {
        ssl::context context(ssl::context::tls_client);
        refuse_old_versions(context);
        context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
        if (ca_file.empty()) {
            context.set_default_verify_paths();
        } else {
            context.load_verify_file(ca_file);
        }
        if (!identity.certificate_file.empty()) show(context, identity);
        return context;
    } catch (const boost::system::system_error& error) {
        return Error(ErrorCode::invalid_argument, "TLS files: " + error.code().message());
    }
}

ssl::context server_tls(const TlsIdentity& identity) {
    ssl::context context(ssl::context::tls_server);
    refuse_old_versions(context);
    show(context, identity);
    return context;
}

}  // namespace causeway::net
