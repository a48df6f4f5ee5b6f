import { paymentsLists } from "./payments-lists";
import { walkLists } from "./walk-lists";

walkLists(paymentsLists);
