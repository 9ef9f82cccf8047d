/** Prints whether this process has transparent huge pages, as both readers tell it, and what explain() and allocate() make of that. */
import { allocateSync, explain, limits, thp } from 'hugepages';

const options = { size: '2MiB', backing: ['thp'] };

function refusal() {
  try {
    allocateSync(options).dispose();
  } catch ({ code, remedy, details }) {
    return { code, remedy, reasons: details.reasons.map((reason) => reason.code) };
  }
}

const reasons = explain(options).candidates[0].reasons.map(({ code }) => code);
console.log(JSON.stringify({ thp: thp().processEnabled, limits: limits().thpEnabled, reasons, refusal: refusal() }));
