import { bundle, startUpMs } from "./weigh.ts";
const a = await bundle("src/index.ts"), b = await bundle("test/bench/floor/worker.ts");
const [x = 0, y = 0] = await startUpMs([a, b], 15); console.log(x, y, x / y, a.gzippedBytes, b.gzippedBytes);
