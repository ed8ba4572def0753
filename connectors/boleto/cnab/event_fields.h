// SPDX-License-Identifier: Apache-2.0
//
// Between an Event and the records that carry it, both ways.
#pragma once

#include "connectors/boleto/cnab/event.h"
#include "connectors/boleto/cnab/record_group.h"

namespace causeway::connectors::cnab {

/// Adds what `record` says; a title of CNAB 240 is read in two calls. The record's own fault says
/// whether to believe it.
void read_event(RecordReader& record, const Layout& layout, Event& event);

/// Class, texts and channel, once all records are read.
void interpret_event(const Layout& layout, Event& event);

void write_event(RecordGroup<RecordWriter>& group, const Layout& layout, const Event& event);

}  // namespace causeway::connectors::cnab
