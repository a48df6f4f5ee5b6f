import { onEveryCall } from "./every-call";
import { once } from "./kinds";
import { offers } from "./offers";

onEveryCall(offers, once, 1);
