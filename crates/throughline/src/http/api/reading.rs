//! Reading: every query of the API, on a thread that may wait for the database.

use std::sync::Arc;
use std::time::Duration;

use throughline_core::catalog::Item;
use throughline_core::facts::{Claim, ClaimKey};
use throughline_core::id::{CountTaskId, CustomerId, ItemId, OrderId, ReservationId, SupplyId};
use throughline_core::inventory::{CountTask, Level, Reservation, Supply, SupplyEntry};
use throughline_core::network::{LocationId, Network};
use throughline_core::party::Account;
use throughline_store::views::customers::StoredCustomer;
use throughline_store::views::orders::StoredOrder;
use throughline_store::views::{self, Page as StoredPage};
use throughline_store::{ApiKey, Connection, Store, StoreError, keys};
use uuid::Uuid;

use super::Api;
use super::orders::view::Contacts;
use crate::http::auth::Caller;
use crate::http::path::OrderName;
use crate::http::problem::Problem;
use crate::wiring::clock::Stopwatch;

/// How long a reader waits for the projections of other processes.
const PROJECTED_WITHIN: Duration = Duration::from_secs(1);
/// How often it looks.
const PROJECTED_EVERY: Duration = Duration::from_millis(10);

impl Api {
    /// Reads one consistent snapshot.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnMut(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.store.clone();
        let result = tokio::task::spawn_blocking(move || store.read(read)).await;
        Ok(result.map_err(|_| StoreError::Misuse("a reading thread panicked"))??)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// 503 when it does not.
    pub async fn check_database(&self) -> Result<(), Problem> {
        let known = self.known_network();
        let answered = self
            .read(move |connection| views::network::reload(connection, &known))
            .await;
        answered
            .map(drop)
            .map_err(|_| Problem::unavailable("the database does not answer"))
    }

    /// Locations and channels as they were read last: what is read from the database is compared with their version.
    #[must_use]
    pub fn known_network(&self) -> Arc<Network> {
        Arc::clone(&self.network.lock())
    }

    /// Locations and channels as committed.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn current_network(&self) -> Result<Arc<Network>, Problem> {
        let known = self.known_network();
        let network = self
            .read(move |connection| views::network::reload(connection, &known))
            .await?;
        *self.network.lock() = Arc::clone(&network);
        Ok(network)
    }

    /// Waits until the projections hold what was committed before, by any process, for up to a second.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn project_all(&self) -> Result<(), Problem> {
        self.executor.project().await;
        let stopwatch = Stopwatch::start();
        let seen = self.read(views::projected::behind).await?;
        let mut behind = seen.clone();
        while !seen.iter().all(|writer| writer.is_settled(&behind))
            && stopwatch.elapsed() < PROJECTED_WITHIN
        {
            tokio::time::sleep(PROJECTED_EVERY).await;
            behind = self.read(views::projected::behind).await?;
        }
        Ok(())
    }

    /// A page of a list; a cursor that the list has not given is the caller's mistake.
    ///
    /// # Errors
    /// 400 for a wrong cursor.
    pub async fn read_page<T: Send + 'static>(
        &self,
        read: impl FnMut(&mut Connection) -> Result<StoredPage<T>, StoreError> + Send + 'static,
    ) -> Result<StoredPage<T>, Problem> {
        self.read(read).await
    }

    /// The id of an order that is named by id or number.
    ///
    /// # Errors
    /// 404 when no order has the number.
    pub async fn order_id(&self, name: OrderName) -> Result<OrderId, Problem> {
        match name {
            OrderName::Id(id) => Ok(id),
            OrderName::Number(number) => {
                let key = ClaimKey::order_number(number);
                let found = self
                    .read(move |connection| {
                        views::orders::claims(connection, std::slice::from_ref(&key))
                    })
                    .await?;
                found
                    .first()
                    .and_then(Claim::order)
                    .ok_or_else(|| Problem::not_found("order", &number.to_string()))
            }
        }
    }

    /// An order with its personal values.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn order(&self, id: OrderId) -> Result<(StoredOrder, Contacts), Problem> {
        let found = self
            .read(move |connection| {
                let Some(stored) = views::orders::get(connection, id)? else {
                    return Ok(None);
                };
                let contacts = views::contacts::of_orders(connection, [&stored.order])?;
                Ok(Some((stored, contacts)))
            })
            .await?;
        found.ok_or_else(|| Problem::not_found("order", &id.to_string()))
    }

    /// Personal values by the ids of their rows.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn contacts(&self, ids: Vec<Uuid>) -> Result<Contacts, Problem> {
        self.read(move |connection| views::contacts::load(connection, &ids))
            .await
    }

    /// An item by SKU.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn item_by_sku(&self, sku: String) -> Result<Arc<Item>, Problem> {
        let name = sku.clone();
        let found = self
            .read(move |connection| views::items::by_sku(connection, &[&sku]))
            .await?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| Problem::not_found("item", &format!("{name:?}")))
    }

    /// An item by id.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn item_by_id(&self, id: ItemId) -> Result<Arc<Item>, Problem> {
        let mut found = self
            .read(move |connection| views::items::by_id(connection, &[id]))
            .await?;
        found
            .remove(&id)
            .ok_or_else(|| Problem::not_found("item", &id.to_string()))
    }

    /// A stock level with its item.
    ///
    /// # Errors
    /// 404 when there is no such item.
    pub async fn level(
        &self,
        item: ItemId,
        location: LocationId,
    ) -> Result<(Arc<Item>, Level), Problem> {
        let item = self.item_by_id(item).await?;
        let filter = views::stock::Filter {
            sku: Some(item.sku.clone()),
            locations: vec![location],
        };
        let page = self
            .read(move |connection| views::stock::list(connection, &filter, None, 1))
            .await?;
        let level = page.data.into_iter().next().map(|row| row.level);
        let level = level.unwrap_or_else(|| Level::empty(location, item.oversell_limit));
        Ok((item, level))
    }

    /// A reservation.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn reservation(&self, id: ReservationId) -> Result<Arc<Reservation>, Problem> {
        let found = self
            .read(move |connection| views::reservations::get(connection, id))
            .await?;
        found.ok_or_else(|| Problem::not_found("reservation", &id.to_string()))
    }

    /// Supply.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn supply(&self, id: SupplyId) -> Result<Arc<Supply>, Problem> {
        let found = self
            .read(move |connection| views::supply::get(connection, id))
            .await?;
        found.ok_or_else(|| Problem::not_found("supply", &id.to_string()))
    }

    /// Supply with what happened to it.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn supply_with_entries(
        &self,
        id: SupplyId,
    ) -> Result<(Arc<Supply>, Vec<SupplyEntry>), Problem> {
        let found = self
            .read(move |connection| {
                let supply = views::supply::get(connection, id)?;
                Ok((supply, views::supply::entries(connection, id)?))
            })
            .await?;
        let supply = found.0;
        let supply = supply.ok_or_else(|| Problem::not_found("supply", &id.to_string()))?;
        Ok((supply, found.1))
    }

    /// Refuses a key that is bound to other locations than the one that supply will come to.
    ///
    /// # Errors
    /// 403 that names the location; 404 when there is no such supply.
    pub async fn check_receiver_of_supply(
        &self,
        caller: &Caller,
        id: SupplyId,
    ) -> Result<(), Problem> {
        if caller.locations.is_none() {
            return Ok(());
        }
        let network = self.current_network().await?;
        let supply = self.supply(id).await?;
        caller.at_number(&network, Some(supply.location))
    }

    /// A task to count.
    ///
    /// # Errors
    /// 404 when there is no such task.
    pub async fn count_task(&self, id: CountTaskId) -> Result<Arc<CountTask>, Problem> {
        let found = self
            .read(move |connection| views::counts::get(connection, id))
            .await?;
        found.ok_or_else(|| Problem::not_found("count task", &id.to_string()))
    }

    /// Makes sure that the caller may count there.
    ///
    /// # Errors
    /// 403 that names the location; 404 when there is no such task.
    pub async fn check_place_of_count(
        &self,
        caller: &Caller,
        id: CountTaskId,
    ) -> Result<(), Problem> {
        if caller.locations.is_none() {
            return Ok(());
        }
        let network = self.current_network().await?;
        let task = self.count_task(id).await?;
        caller.at_number(&network, Some(task.location))
    }

    /// Refuses a key that is bound to other locations than the one that answers for supply: where a transfer left,
    /// and where all else will come to.
    ///
    /// # Errors
    /// 403 that names the location; 404 when there is no such supply.
    pub async fn check_owner_of_supply(
        &self,
        caller: &Caller,
        id: SupplyId,
    ) -> Result<(), Problem> {
        if caller.locations.is_none() {
            return Ok(());
        }
        let network = self.current_network().await?;
        let supply = self.supply(id).await?;
        let location = supply.left_from().unwrap_or(supply.location);
        caller.at_number(&network, Some(location))
    }

    /// A customer.
    ///
    /// # Errors
    /// 404 when there is none.
    pub async fn customer(&self, id: CustomerId) -> Result<StoredCustomer, Problem> {
        let found = self
            .read(move |connection| views::customers::get(connection, id))
            .await?;
        found.ok_or_else(|| Problem::not_found("customer", &id.to_string()))
    }

    /// The account of a customer; an empty one where there is none.
    ///
    /// # Errors
    /// A fault when it cannot be read.
    pub async fn account(&self, id: CustomerId) -> Result<Account, Problem> {
        self.read(move |connection| views::customers::account(connection, id))
            .await
    }

    /// Refuses codes that no location has.
    ///
    /// # Errors
    /// 422 that names the code.
    pub async fn check_locations(&self, codes: &[String]) -> Result<(), Problem> {
        let network = self.current_network().await?;
        let unknown = codes
            .iter()
            .enumerate()
            .find(|(_, code)| network.location_by_code(code).is_none());
        match unknown {
            Some((position, code)) => Err(throughline_core::Refusal::unknown(
                format!("/locations/{position}"),
                "location",
                code.as_str(),
            )
            .into()),
            None => Ok(()),
        }
    }

    /// The keys that have this prefix; one, but for chance.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn api_keys_by_prefix(&self, prefix: String) -> Result<Vec<ApiKey>, Problem> {
        self.read(move |connection| keys::by_prefix(connection, &prefix))
            .await
    }

    /// Writes something that is no business state, such as a key.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let store = self.store.clone();
        let result = tokio::task::spawn_blocking(move || write(&store)).await;
        Ok(result.map_err(|_| StoreError::Misuse("a writing thread panicked"))??)
    }
}
