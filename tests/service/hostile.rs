//! Clients that do not keep to any contract. The server goes on.
