// Package buyer is the buyer's side of the platform as a data pipeline sees it: it reads advertisers, campaigns, media
// buys, creatives, audiences, event sources, catalogs, property lists, reports, audit logs, activity, storefronts,
// notifications and tasks, and feeds in events, measurements and audiences.
//
//	b := buyer.New(c)
//	for campaign, err := range b.Campaigns.List(buyer.CampaignListParams{}).All(ctx) {
//		if err != nil { … }
//		fmt.Println(campaign.CampaignID, campaign.Name)
//	}
//
// # Values
//
// Numbers are float64 and int64; null and absent read as 0, and the comments say where that matters. A time that is
// null is the zero time. Ids are read from strings and numbers. Parts that are deep and rarely wanted, such as a
// brand's manifest, are kept as the JSON that came. To keep all of every item, or to read what does not fit a type,
// read it raw: see [Operations].
//
// # Writes
//
// LogEvents and Measurements.Sync take any number of items and split them into calls. Items that the platform refuses
// are reported by their index in the caller's slice; a write that breaks off says in a [BatchError] which items were
// sent, which may have been and which were not. Audiences.Sync begins a task, and [Tasks.WaitForTask] sees it through.
package buyer
