import { transfersLists } from "./transfers-lists";
import { walkLists } from "./walk-lists";

walkLists(transfersLists);
