/** What is asked about pools and processes, in one guest. Their tests run in this order: static imports would not wait for each other. */
for (const program of ['ledger', 'pagemap', 'accounts']) await import(`./${program}.mjs`);
