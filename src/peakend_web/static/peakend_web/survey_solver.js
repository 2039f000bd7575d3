/* Finds the number that the server has hidden in a hash, where many people answer at once: SHA-256 of `token.number`,
   one number after the other, beside the page and while its owner reads. One block holds it all. */
const MOST = 130000;
const K = new Int32Array(64), START = new Int32Array(8), W = new Int32Array(64);
const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0;
for (let number = 2, found = 0; found < 64; number += 1) {
  let prime = true;
  for (let each = 2; each * each <= number; each += 1) prime = prime && number % each !== 0;
  if (!prime) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(number));
  K[found] = fraction(Math.cbrt(number));
  found += 1;
}

/* The hash of the block that stands in the first sixteen words. */
const hash = (into) => {
  for (let at = 16; at < 64; at += 1) {
    const x = W[at - 15], y = W[at - 2];
    const one = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const two = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[at] = (W[at - 16] + one + W[at - 7] + two) | 0;
  }
  let a = START[0], b = START[1], c = START[2], d = START[3];
  let e = START[4], f = START[5], g = START[6], h = START[7];
  for (let at = 0; at < 64; at += 1) {
    const up = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + up + ((e & f) ^ (~e & g)) + K[at] + W[at]) | 0;
    const down = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (down + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  into[0] = a + START[0]; into[1] = b + START[1]; into[2] = c + START[2]; into[3] = d + START[3];
  into[4] = e + START[4]; into[5] = f + START[5]; into[6] = g + START[6]; into[7] = h + START[7];
};

const search = (token, puzzle) => {
  const wanted = new Int32Array(puzzle.match(/.{8}/g).map((word) => parseInt(word, 16) | 0)), made = new Int32Array(8);
  for (let number = 0; number < MOST; number += 1) {
    const text = `${token}.${number}`;
    W.fill(0, 0, 16);
    for (let at = 0; at < text.length; at += 1) W[at >> 2] |= text.charCodeAt(at) << (24 - 8 * (at & 3));
    W[text.length >> 2] |= 128 << (24 - 8 * (text.length & 3));
    W[15] = text.length * 8;
    hash(made);
    if (made[0] === wanted[0] && made.every((word, at) => word === wanted[at])) return number;
  }
  return null;
};

onmessage = ({ data }) => postMessage(search(data.token, data.puzzle));
