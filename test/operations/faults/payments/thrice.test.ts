import { onEveryCall } from "../every-call";
import { thrice } from "../kinds";
import { payments } from "./surface";

onEveryCall(payments, thrice, 3);
