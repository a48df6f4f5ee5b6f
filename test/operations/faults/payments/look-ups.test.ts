import { onEveryLookUp } from "../every-call";
import { payments } from "./surface";

onEveryLookUp(payments);
