import { onEveryCall } from "../every-call";
import { once } from "../kinds";
import { payments } from "./surface";

onEveryCall(payments, once, 1);
