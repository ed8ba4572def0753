// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/processes.h"

#include <cerrno>
#include <exception>
#include <iostream>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace causeway::crash {

pid_t start_child(const std::function<int()>& work) {
    std::cout.flush();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("can not fork");
    if (child > 0) return child;
    int status = 99;
    try {
        status = work();
    } catch (const std::exception& broken) {
        std::cerr << "a child of the rig: " << broken.what() << '\n';
    }
    ::_exit(status);
}

void Watch::look(const std::string& how) {
    looking_at[how.copy(looking_at.data(), looking_at.size() - 1)] = '\0';
}

void Watch::fail(const std::string& why) {
    if (failure[0] != '\0') return;
    const std::string text = std::string(looking_at.data()) + ": " + why;
    failure[text.copy(failure.data(), failure.size() - 1)] = '\0';
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : -1;
}

std::string run_workers(std::size_t count, const std::function<void(std::size_t, Watch&)>& work) {
    std::vector<std::unique_ptr<Shared<Watch>>> watches;
    std::vector<pid_t> children;
    for (std::size_t worker = 0; worker < count; ++worker) {
        watches.push_back(std::make_unique<Shared<Watch>>());
        Watch& watch = **watches.back();
        children.push_back(start_child([&work, worker, &watch] {
            work(worker, watch);
            return 0;
        }));
    }
    std::string failure;
    for (std::size_t worker = 0; worker < count; ++worker) {
        const int status = wait_for(children[worker]);
        Watch& watch = **watches[worker];
        if (status != 0) watch.fail("the worker ended with status " + std::to_string(status));
        if (failure.empty()) failure = watch.failure.data();
    }
    return failure;
}

}  // namespace causeway::crash
