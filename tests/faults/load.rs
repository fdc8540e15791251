//! A hall full of phones that answer at once while something breaks.

use tokio::task::JoinSet;

use crate::{
    ground::{Hall, PATIENCE},
    phone::{Addresses, Phone},
};

pub(crate) struct Load(JoinSet<Phone>);

impl Load {
    /// Everybody signs in, starts, answers `steps` times one by one, comes back to the page half-way, and hands in; one in
    /// four never does.
    pub(crate) fn begin(hall: &Hall, addresses: &Addresses, steps: usize) -> Load {
        let mut phones = JoinSet::new();
        for (place, ticket) in hall.tickets.iter().enumerate() {
            let mut phone = Phone::new(addresses, ticket, &hall.round);
            phones.spawn(async move {
                phone.sign_in().await;
                phone.start().await;
                phone.sit(steps / 2).await;
                phone.start().await;
                phone.sit(steps - steps / 2).await;
                if place % 4 != 3 {
                    phone.hand_in().await;
                }
                phone
            });
        }
        Load(phones)
    }

    /// Waits until everybody is done.
    pub(crate) async fn finish(self) -> Vec<Phone> {
        tokio::time::timeout(PATIENCE, self.0.join_all())
            .await
            .expect("the phones come to an end")
    }
}
