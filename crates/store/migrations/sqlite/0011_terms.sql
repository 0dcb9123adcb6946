-- How a customer wants to be served, as JSON; absent for the usual terms.
ALTER TABLE customer_account ADD COLUMN terms TEXT;
