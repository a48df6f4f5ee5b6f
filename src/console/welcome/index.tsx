import "./add-screen";
import "../index"; // draws, so it comes last
