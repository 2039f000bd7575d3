"""Cases: a customer was let down, and somebody puts it right."""
