import { offersLists } from "./offers-lists";
import { walkLists } from "./walk-lists";

walkLists(offersLists);
