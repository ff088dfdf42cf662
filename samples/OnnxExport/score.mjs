// Scores rows with an exported model, in Node.js: node score.mjs claims.onnx rows.json
// rows.json has the columns: {"District": ["1", "4"], "Holders": [100, 250]}; what is printed has them too.
import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-node";

const [file, rowsFile] = process.argv.slice(2);
const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint32: Uint32Array, bool: Uint8Array };
const rows = JSON.parse(await readFile(rowsFile, "utf8"));

// <score>
const session = await ort.InferenceSession.create(file);
const feeds = {};
for (const { name, type } of session.inputMetadata) {
  const values = rows[name];
  if (!values) throw new Error(`The model needs the column ${name}, which the rows lack.`);
  const flat = values.flat().map((value) => value ?? NaN);
  const data = type === "string" ? flat : type === "int64" ? BigInt64Array.from(flat, BigInt) : arrays[type].from(flat);
  feeds[name] = new ort.Tensor(type, data, [values.length, flat.length / values.length]);
}
const outputs = await session.run(feeds);
// </score>

const shown = {};
for (const [name, tensor] of Object.entries(outputs)) shown[name] = Array.from(tensor.data, Number);
console.log(JSON.stringify(shown));
