/** Imports the library, and says what it exports and what of Node.js was loaded for it. */
const before = new Set(process.moduleLoadList);
const library = await import('hugepages');
const loaded = process.moduleLoadList.filter((name) => !before.has(name));
const kinds = Object.entries(library).map(([name, value]) => [name, value.constructor.name]);
console.log(JSON.stringify({ kinds: Object.fromEntries(kinds), loaded }));
