import { operatorLists } from "./operator-lists";
import { walkLists } from "./walk-lists";

walkLists(operatorLists);
