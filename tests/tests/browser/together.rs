//! Several phones and one register: handed over, disagreed, settled.
