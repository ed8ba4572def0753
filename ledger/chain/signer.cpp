// SPDX-License-Identifier: Apache-2.0
#include "ledger/chain/signer.h"

#include "ledger/digest.h"

#include <sodium.h>

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace causeway::ledger {
namespace {

constexpr std::string_view kSigningLine = "causeway-signing-key-1";
constexpr std::string_view kPublicLine = "causeway-public-key-1";
constexpr std::size_t kFileMax = 4096;

static_assert(sizeof(PublicKey) == crypto_sign_PUBLICKEYBYTES);
static_assert(sizeof(Signature) == crypto_sign_BYTES);

using Seed = std::array<std::uint8_t, crypto_sign_SEEDBYTES>;

// A secret on its way, wiped when it goes.
template <class Bytes>
struct Wiped {
    Wiped() = default;
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { sodium_memzero(bytes.data(), bytes.size()); }
    Bytes bytes{};
};

class File {
  public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) (void)::close(descriptor_);
    }
    [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
    [[nodiscard]] int get() const noexcept { return descriptor_; }

  private:
    int descriptor_;
};

// The lines of a text; the last may do without its end.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

// Exactly 64 hexadecimal digits.
bool read_hex(std::string_view text, std::span<std::uint8_t, 32> bytes) {
    std::size_t length = 0;
    const char* end = nullptr;
    const int failed = sodium_hex2bin(
        bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &length, &end);
    return failed == 0 && text.size() == 2 * bytes.size() && length == bytes.size() &&
           end == text.data() + text.size();
}

bool write_whole(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(descriptor) == 0;
}

std::size_t read_up_to(int descriptor, std::span<char> buffer) {
    std::size_t length = 0;
    while (length < buffer.size()) {
        const ssize_t got = ::read(descriptor, buffer.data() + length, buffer.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        length += static_cast<std::size_t>(got);
    }
    return length;
}

}  // namespace

void HeadSigner::Wipe::operator()(unsigned char* secret) const noexcept {
    sodium_free(secret);
}

HeadSigner::HeadSigner(std::span<const std::uint8_t, 32> seed) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
    secret_.reset(static_cast<unsigned char*>(sodium_malloc(crypto_sign_SECRETKEYBYTES)));
    if (!secret_) throw std::runtime_error("no memory for the signing key");
    (void)crypto_sign_seed_keypair(public_key_.data(), secret_.get(), seed.data());
    (void)sodium_mprotect_readonly(secret_.get());
}

Result<std::unique_ptr<HeadSigner>> HeadSigner::load(const std::string& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts {};
    if (!file.is_open() || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return Error(ErrorCode::storage, "signing key file " + path + " cannot be read");
    }
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return Error(ErrorCode::storage,
                     "signing key file " + path + " may be read by others; chmod 600 it");
    }
    Wiped<std::array<char, kFileMax>> buffer;
    std::string_view text(buffer.bytes.data(), read_up_to(file.get(), buffer.bytes));
    const bool headed = take_line(text) == kSigningLine;
    Wiped<Seed> seed;
    if (!headed || !read_hex(take_line(text), seed.bytes) || !text.empty()) {
        return Error(ErrorCode::invalid_argument,
                     "signing key file " + path + " must hold the line " +
                         std::string(kSigningLine) + " and 64 hexadecimal digits");
    }
    return std::make_unique<HeadSigner>(seed.bytes);
}

Result<std::unique_ptr<HeadSigner>> HeadSigner::load_if_any(const std::string& path) {
    if (path.empty()) return std::unique_ptr<HeadSigner>();
    return load(path);
}

Signature HeadSigner::sign(std::span<const std::uint8_t> body) const noexcept {
    Signature signature;
    (void)crypto_sign_detached(signature.data(), nullptr, body.data(), body.size(), secret_.get());
    return signature;
}

SignedHead HeadSigner::sign(Head head) const {
    head.public_key = public_key_;
    SignedHead result;
    result.body = head_body(head);
    result.signature = sign(result.body);
    return result;
}

Result<PublicKey> make_signing_key(const std::string& path, Entropy& entropy) {
    Wiped<Seed> seed;
    entropy.fill(seed.bytes);
    const HeadSigner signer(seed.bytes);

    Wiped<std::array<char, kSigningLine.size() + 1 + 2 * sizeof(Seed) + 1>> text;
    char* const digits = text.bytes.data() + kSigningLine.copy(text.bytes.data(), kFileMax) + 1;
    digits[-1] = '\n';
    // Writes a NUL behind the digits, where the line's end belongs.
    (void)sodium_bin2hex(digits, 2 * sizeof(Seed) + 1, seed.bytes.data(), seed.bytes.size());
    text.bytes.back() = '\n';

    const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) {
        const bool there = errno == EEXIST;
        return Error(there ? ErrorCode::conflict : ErrorCode::storage,
                     path + (there ? " exists; a key is never written over" : " cannot be made"));
    }
    if (!write_whole(file.get(), {text.bytes.data(), text.bytes.size()})) {
        (void)::unlink(path.c_str());
        return Error(ErrorCode::storage, "cannot write " + path);
    }
    return signer.public_key();
}

std::string public_key_text(std::span<const PublicKey> keys) {
    std::string text = std::string(kPublicLine) + "\n";
    for (const PublicKey& key : keys) {
        text += to_hex(key) + "\n";
    }
    return text;
}

Result<std::vector<PublicKey>> parse_public_keys(std::string_view text) {
    const Error wrong(ErrorCode::invalid_argument,
                      "a public key file holds the line " + std::string(kPublicLine) +
                          " and a line of 64 hexadecimal digits for each key");
    if (take_line(text) != kPublicLine) return wrong;
    std::vector<PublicKey> keys;
    while (!text.empty()) {
        PublicKey key;
        if (!read_hex(take_line(text), key)) return wrong;
        keys.push_back(key);
    }
    if (keys.empty()) return wrong;
    return keys;
}

bool signature_holds(std::span<const std::uint8_t> body,
                     const Signature& signature,
                     const PublicKey& key) noexcept {
    return crypto_sign_verify_detached(signature.data(), body.data(), body.size(), key.data()) == 0;
}

}  // namespace causeway::ledger
