//! Walks in real Chromium over the real server: what a person at a phone or a desk meets, from the ticket to the board.

mod support;

mod walk {
    mod board;
    mod clerk;
    mod copies;
    mod desk;
    mod ground;
    mod hands;
    mod lookup;
    mod offline;
    mod phone;
    mod rulings;
    mod spot;
    mod ten_minutes;
    mod practice;
    mod road;
    mod trouble;
    mod wire;
}
