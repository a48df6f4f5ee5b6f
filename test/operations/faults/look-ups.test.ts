import { onEveryLookUp } from "./every-call";
import { offers } from "./offers";

onEveryLookUp(offers);
