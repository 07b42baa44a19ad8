// Prints the fingerprint of the weights that each optimizer ends with: node run.mjs MODULE EPOCHS
import { readFileSync } from "node:fs";

const [module, epochs] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(module));
for (const optimizer of ["sgd", "adam"]) {
  const fingerprint = BigInt.asUintN(64, instance.exports[optimizer](Number(epochs)));
  console.log(optimizer, fingerprint.toString(16).padStart(16, "0"));
}
