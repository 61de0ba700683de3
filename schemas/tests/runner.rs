//! All tests of forms and expressions in one binary; each file here is a part of it.

mod forms;
