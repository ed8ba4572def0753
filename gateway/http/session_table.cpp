// SPDX-License-Identifier: Apache-2.0
#include "gateway/http/session_table.h"

namespace causeway::gateway {

void Session::enter(Phase phase, std::chrono::milliseconds time_max) noexcept {
    phase_ = phase;
    interrupted_ = false;
    entered_ = std::chrono::steady_clock::now();
    deadline_ = entered_ + time_max;
}

void Session::enter_handling() noexcept {
    phase_ = Phase::handling;
    interrupted_ = false;
    deadline_ = Time::max();
}

void Session::interrupt() noexcept {
    interrupted_ = true;
    cancel();
}

void SessionTable::add(Session& session) {
    session.index_ = sessions_.size();
    sessions_.push_back(&session);
    open_.store(sessions_.size(), std::memory_order_relaxed);
}

void SessionTable::remove(Session& session) noexcept {
    sessions_.back()->index_ = session.index_;
    sessions_[session.index_] = sessions_.back();
    sessions_.pop_back();
    open_.store(sessions_.size(), std::memory_order_relaxed);
}

void SessionTable::sweep(Session::Time now) noexcept {
    for (Session* session : sessions_) {
        if (session->deadline_ <= now) session->interrupt();
    }
}

bool SessionTable::evict_idle(Session::Time now, std::chrono::milliseconds idle_min) noexcept {
    Session* oldest = nullptr;
    for (Session* session : sessions_) {
        if (session->phase_ != Session::Phase::idle) continue;
        // One that is interrupted already is on its way out: a second one need not follow it.
        if (session->interrupted_) return false;
        if (oldest == nullptr || session->entered_ < oldest->entered_) oldest = session;
    }
    if (oldest == nullptr || now - oldest->entered_ < idle_min) return false;
    oldest->interrupt();
    return true;
}

void SessionTable::interrupt_idle() noexcept {
    for (Session* session : sessions_) {
        if (session->phase_ == Session::Phase::idle ||
            session->phase_ == Session::Phase::handshake ||
            session->phase_ == Session::Phase::streaming) {
            session->interrupt();
        }
    }
}

}  // namespace causeway::gateway
