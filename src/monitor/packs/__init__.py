"""What leaves the product: the register's tables, its charts, and later its documents."""
