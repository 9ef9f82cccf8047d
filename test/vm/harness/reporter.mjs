/** Reporter of `node --test-reporter`: the outcome of each test, as one line of JSON. */
import { inspect } from 'node:util';

export default async function* outcomes(events) {
  for await (const { type, data } of events) {
    if (type === 'test:pass') yield line({ name: data.name });
    if (type === 'test:fail') yield line({ name: data.name, error: inspect(data.details.error.cause ?? data.details.error) });
  }
}

function line(outcome) {
  return `${JSON.stringify(outcome)}\n`;
}
