"""Where bulk data flows, and what of it enters XCom: an abstract run of the functions that tasks call."""
