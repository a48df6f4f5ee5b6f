import { onEveryCall } from "./every-call";
import { thrice } from "./kinds";
import { offers } from "./offers";

onEveryCall(offers, thrice, 3);
