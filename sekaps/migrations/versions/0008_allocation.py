"""Needs and resources as the forms state them; decisions by vote; forms revised after allocation; notices and objections."""

import sqlalchemy as sa
from alembic import op

from sekaps.models.base import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = sa.text("state IN ('proposed', 'decided', 'awaiting_approval', 'approved')")
ALLOCATION_STATES = "'proposed', 'decided', 'awaiting_approval', 'approved', 'refused', 'lapsed'"
DECIDED = "(decision_id IS NOT NULL) = (state IN ('decided', 'awaiting_approval', 'approved')) OR state IN "
NEED_CHECKS = {
    "necessity_known": "necessity IN ('mandatory', 'secondary')",
    "stated_whole": "(stated_quantity IS NULL) = (stated_measure IS NULL)",
    "period_ends_after_it_begins": "needed_until >= needed_from",
}
RESOURCE_CHECKS = {
    "stock_not_negative": "stock >= 0",
    "origin_known": "origin IN ('manual', 'web_service')",
    "holder_kind_known": "holder_kind IN ('unit', 'company', 'person')",
}
DECISION_CHECKS = {
    "kind_known": "kind IN ('allocation', 'local_resource')",
    "stage_of_allocations": "(kind = 'allocation') = (stage IS NOT NULL)",
    "quorum": "2 * present > seats",
    "votes_of_those_present": "in_favour + against <= present",
    "carried": "in_favour > against OR (in_favour = against AND by_chair)",
}
NOTICE_CHECKS = {
    "kind_known": "kind IN ('obligation', 'correction', 'annulment')",
    "correction_follows_one": "(kind = 'obligation') = (corrects_id IS NULL)",
    "channel_known": "channel IN ('hand', 'post', 'uets', 'kep', 'chamber')",
    "copies_sane": "copies_returned BETWEEN 0 AND copies",
}
PROTOCOL_STATES = "state IN ('open', 'concluded', 'not_concluded', 'terminated', 'void')"
REFUSED = "state NOT IN ('not_concluded', 'terminated') OR reason IS NOT NULL"


def upgrade() -> None:
    """Bring the schema forward; notices of before get a number from their key."""
    create_item_substitutes()
    widen_decisions()
    create_form_revisions()
    widen_forms()
    widen_allocations()
    widen_protocols()
    widen_notices()
    create_objections()
    create_legal_terms()


def checks(batch_op: object, table: str, stated: dict[str, str]) -> None:
    """Create the named checks of a table."""
    for name, condition in stated.items():
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{name}"), condition)  # type: ignore[attr-defined]


def without_checks(batch_op: object, table: str, stated: dict[str, str]) -> None:
    """Drop the named checks of a table."""
    for name in stated:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}"), type_="check")  # type: ignore[attr-defined]


def create_item_substitutes() -> None:
    """Create what may stand in for what."""
    op.create_table(
        "item_substitutes",
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("served_by_code", sa.String(length=64), nullable=False),
        sa.CheckConstraint("item_code <> served_by_code", name=op.f("ck_item_substitutes_another_item")),
        sa.ForeignKeyConstraint(["item_code"], ["items.code"], name=op.f("fk_item_substitutes_item_code")),
        sa.ForeignKeyConstraint(["served_by_code"], ["items.code"], name=op.f("fk_item_substitutes_served_by_code")),
        sa.PrimaryKeyConstraint("item_code", "served_by_code", name=op.f("pk_item_substitutes")),
    )


def widen_decisions() -> None:
    """Let decisions tell what they are about and how they were voted."""
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=64), server_default="allocation", nullable=False))
        for name in ("seats", "present", "in_favour", "against"):
            batch_op.add_column(sa.Column(name, sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("by_chair", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("text", sa.String(length=2000), nullable=True))
        batch_op.alter_column("stage", existing_type=sa.String(length=64), nullable=True)
        checks(batch_op, "decisions", DECISION_CHECKS)
    op.create_table(
        "decision_votes",
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("mandate_id", ID, nullable=False),
        sa.Column("vote", sa.String(length=64), nullable=False),
        sa.CheckConstraint("vote IN ('for', 'against', 'abstained')", name=op.f("ck_decision_votes_vote_known")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_votes_decision_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_decision_votes_post_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_decision_votes_person_id")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandates.id"], name=op.f("fk_decision_votes_mandate_id")),
        sa.PrimaryKeyConstraint("decision_id", "post_id", name=op.f("pk_decision_votes")),
        sa.UniqueConstraint("decision_id", "person_id", name=op.f("uq_decision_votes_decision_id_person_id")),
    )


def create_form_revisions() -> None:
    """Create what was taken back of signed needs and resources."""
    op.create_table(
        "form_revisions",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("document_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("quantity_before", sa.BigInteger(), nullable=False),
        sa.Column("quantity_after", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("letter", sa.String(length=300), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.CheckConstraint("kind IN ('shrunk', 'withdrawn', 'destroyed')", name=op.f("ck_form_revisions_kind_known")),
        sa.CheckConstraint("quantity_after BETWEEN 0 AND quantity_before", name=op.f("ck_form_revisions_only_less")),
        sa.ForeignKeyConstraint(["act_id"], ["acts.id"], name=op.f("fk_form_revisions_act_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_form_revisions_document_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_form_revisions_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_revisions")),
    )
    op.create_index(op.f("ix_form_revisions_document_id"), "form_revisions", ["document_id"], unique=False)
    op.create_index(op.f("ix_form_revisions_edition_id"), "form_revisions", ["edition_id"], unique=False)


def widen_forms() -> None:
    """Let needs and resources state all that their forms do."""
    with op.batch_alter_table("needs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("necessity", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("needed_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("needed_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("stated_quantity", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("stated_measure", sa.String(length=64), nullable=True))
        checks(batch_op, "needs", NEED_CHECKS)
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stock", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("supplier", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("holder_kind", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("holder_number", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("local_decision_id", ID, nullable=True))
        checks(batch_op, "resources", RESOURCE_CHECKS)
        batch_op.create_foreign_key(
            batch_op.f("fk_resources_local_decision_id"), "decisions", ["local_decision_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_resources_local_decision_id"), ["local_decision_id"], unique=False)


def widen_allocations() -> None:
    """Let lines be decided in another quantity, and revoked."""
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed_quantity", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("form_revision_id", ID, nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_allocations_need_id_resource_id_stage"), type_="unique")
        without_checks(batch_op, "allocations", {"state_known": "", "decided_by_a_decision": ""})
        checks(batch_op, "allocations", _allocation_checks("'refused', 'lapsed', 'revoked'"))
        checks(batch_op, "allocations", _revoking_checks())
        batch_op.create_foreign_key(
            batch_op.f("fk_allocations_form_revision_id"), "form_revisions", ["form_revision_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_allocations_form_revision_id"), ["form_revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_need_id"), ["need_id"], unique=False)
    keys = ["need_id", "resource_id", "stage"]
    op.create_index("uq_allocations_live", "allocations", keys, unique=True, sqlite_where=LIVE, postgresql_where=LIVE)


def _allocation_checks(ended: str) -> dict[str, str]:
    states = ALLOCATION_STATES.replace("'refused', 'lapsed'", ended)
    return {"state_known": f"state IN ({states})", "decided_by_a_decision": f"{DECIDED}({ended})"}


def _revoking_checks() -> dict[str, str]:
    return {
        "proposed_quantity_positive": "proposed_quantity > 0",
        "revoked_for_a_reason": "state <> 'revoked' OR reason IS NOT NULL",
    }


def widen_protocols() -> None:
    """Let protocols have dates and a document, and end with their allocation."""
    with op.batch_alter_table("protocols", schema=None) as batch_op:
        for name in ("concluded_on", "begins_on", "ends_on"):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("letter", sa.String(length=300), nullable=True))
        without_checks(batch_op, "protocols", {"state_known": "", "refusal_has_a_reason": ""})
        checks(batch_op, "protocols", {"state_known": PROTOCOL_STATES, "refusal_has_a_reason": REFUSED})
        checks(batch_op, "protocols", {"ends_after_it_begins": "ends_on >= begins_on"})


def widen_notices() -> None:
    """Let notices have a number, a channel and days, and correct one another."""
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(length=64), server_default="obligation", nullable=False))
        batch_op.add_column(sa.Column("corrects_id", ID, nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("copies", sa.SmallInteger(), server_default="4", nullable=False))
        batch_op.add_column(sa.Column("copies_returned", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("receipt", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("sent_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reached_on", sa.Date(), nullable=True))
    op.execute("UPDATE notices SET number = 'TB-' || id")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.String(length=64), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_notices_allocation_id"), type_="unique")
        without_checks(batch_op, "notices", {"state_known": ""})
        checks(batch_op, "notices", {"state_known": "state IN ('prepared', 'served', 'not_served', 'void')"})
        checks(batch_op, "notices", NOTICE_CHECKS)
        batch_op.create_unique_constraint(batch_op.f("uq_notices_edition_id_number"), ["edition_id", "number"])
        batch_op.create_unique_constraint(batch_op.f("uq_notices_corrects_id"), ["corrects_id"])
        batch_op.create_foreign_key(batch_op.f("fk_notices_corrects_id"), "notices", ["corrects_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_notices_allocation_id"), ["allocation_id"], unique=False)
    first = sa.text("kind = 'obligation'")
    op.create_index(
        "uq_notices_first",
        "notices",
        ["allocation_id"],
        unique=True,
        sqlite_where=first,
        postgresql_where=first,
    )


def create_objections() -> None:
    """Create what addressees object to."""
    op.create_table(
        "objections",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("reasons", sa.String(length=2000), nullable=False),
        sa.Column("declared_price", sa.BigInteger(), nullable=True),
        sa.Column("set_price", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision_id", ID, nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "state IN ('filed', 'accepted', 'rejected', 'withdrawn')", name=op.f("ck_objections_state_known")
        ),
        sa.CheckConstraint("(state = 'filed') = (decided_on IS NULL)", name=op.f("ck_objections_decided_on_a_day")),
        sa.CheckConstraint("declared_price > 0 AND set_price > 0", name=op.f("ck_objections_prices_positive")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_objections_decision_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_objections_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_objections_notice_id")),
    )


def create_legal_terms() -> None:
    """Create the periods of law that run for notices."""
    op.create_table(
        "legal_terms",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'met', 'lapsed')", name=op.f("ck_legal_terms_state_known")),
        sa.CheckConstraint("due_at >= starts_at", name=op.f("ck_legal_terms_ends_after_it_begins")),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f("ck_legal_terms_ended_at_an_instant")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_legal_terms_edition_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_legal_terms_notice_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_legal_terms_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_terms")),
        sa.UniqueConstraint("notice_id", "code", name=op.f("uq_legal_terms_notice_id_code")),
    )
    op.create_index(op.f("ix_legal_terms_edition_id"), "legal_terms", ["edition_id"], unique=False)
    op.create_index(op.f("ix_legal_terms_unit_id"), "legal_terms", ["unit_id"], unique=False)


def downgrade() -> None:
    """Take the schema back; what forms, decisions and notices told beyond it, and every correction, is lost."""
    op.drop_table("legal_terms")
    op.drop_table("objections")
    narrow_notices()
    narrow_protocols()
    narrow_allocations()
    narrow_forms()
    op.drop_table("form_revisions")
    narrow_decisions()
    op.drop_table("item_substitutes")


def narrow_notices() -> None:
    """Keep each allocation's first notice; one that became void is prepared again."""
    op.execute("UPDATE notices SET corrects_id = NULL WHERE kind = 'obligation'")
    op.drop_index("uq_notices_first", table_name="notices")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notices_corrects_id"), type_="foreignkey")
        without_checks(batch_op, "notices", NOTICE_CHECKS | {"state_known": ""})
    op.execute("DELETE FROM notices WHERE kind <> 'obligation'")
    op.execute("UPDATE notices SET state = 'prepared' WHERE state = 'void'")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_allocation_id"))
        batch_op.drop_constraint(batch_op.f("uq_notices_edition_id_number"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_notices_corrects_id"), type_="unique")
        checks(batch_op, "notices", {"state_known": "state IN ('prepared', 'served', 'not_served')"})
        batch_op.create_unique_constraint(batch_op.f("uq_notices_allocation_id"), ["allocation_id"])
        for name in ("reached_on", "sent_on", "receipt", "copies_returned", "copies", "channel", "corrects_id"):
            batch_op.drop_column(name)
        batch_op.drop_column("kind")
        batch_op.drop_column("number")


def narrow_protocols() -> None:
    """Tell protocols that ended with their allocation as not concluded."""
    with op.batch_alter_table("protocols", schema=None) as batch_op:
        without_checks(
            batch_op, "protocols", {"state_known": "", "refusal_has_a_reason": "", "ends_after_it_begins": ""}
        )
    op.execute(
        "UPDATE protocols SET reason = coalesce(reason, 'allocation revoked') WHERE state IN ('terminated', 'void')"
    )
    op.execute("UPDATE protocols SET state = 'not_concluded' WHERE state IN ('terminated', 'void')")
    with op.batch_alter_table("protocols", schema=None) as batch_op:
        known = {"state_known": "state IN ('open', 'concluded', 'not_concluded')"}
        checks(
            batch_op, "protocols", known | {"refusal_has_a_reason": "state <> 'not_concluded' OR reason IS NOT NULL"}
        )
        for name in ("letter", "ends_on", "begins_on", "concluded_on"):
            batch_op.drop_column(name)


def narrow_allocations() -> None:
    """Tell revoked lines as refused; of lines made again after they ended only the last is kept."""
    op.drop_index("uq_allocations_live", table_name="allocations")
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocations_need_id"))
        batch_op.drop_index(batch_op.f("ix_allocations_form_revision_id"))
        batch_op.drop_constraint(batch_op.f("fk_allocations_form_revision_id"), type_="foreignkey")
        without_checks(batch_op, "allocations", _allocation_checks("") | _revoking_checks())
        batch_op.drop_column("form_revision_id")
        batch_op.drop_column("proposed_quantity")
    op.execute("UPDATE allocations SET state = 'refused' WHERE state = 'revoked'")
    op.execute("DELETE FROM protocols WHERE allocation_id IN (" + SUPERSEDED + ")")
    op.execute("DELETE FROM notices WHERE allocation_id IN (" + SUPERSEDED + ")")
    op.execute("DELETE FROM allocations WHERE id IN (" + SUPERSEDED + ")")
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        checks(batch_op, "allocations", _allocation_checks("'refused', 'lapsed'"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_allocations_need_id_resource_id_stage"), ["need_id", "resource_id", "stage"]
        )


SUPERSEDED = """
    SELECT id FROM allocations a WHERE EXISTS (
        SELECT 1 FROM allocations b
        WHERE b.need_id = a.need_id AND b.resource_id = a.resource_id AND b.stage = a.stage AND b.id > a.id)
"""


def narrow_forms() -> None:
    """Drop what the forms state beyond the schema before."""
    with op.batch_alter_table("resources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resources_local_decision_id"))
        batch_op.drop_constraint(batch_op.f("fk_resources_local_decision_id"), type_="foreignkey")
        without_checks(batch_op, "resources", RESOURCE_CHECKS)
        for name in ("local_decision_id", "address", "holder_number", "holder_kind", "supplier", "stock"):
            batch_op.drop_column(name)
    with op.batch_alter_table("needs", schema=None) as batch_op:
        without_checks(batch_op, "needs", NEED_CHECKS)
        for name in ("stated_measure", "stated_quantity", "needed_until", "needed_from", "place", "necessity"):
            batch_op.drop_column(name)


def narrow_decisions() -> None:
    """Drop votes, and decisions that were about no allocation."""
    op.drop_table("decision_votes")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        without_checks(batch_op, "decisions", DECISION_CHECKS)
    op.execute("DELETE FROM decisions WHERE kind <> 'allocation'")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.alter_column("stage", existing_type=sa.String(length=64), nullable=False)
        for name in ("text", "by_chair", "against", "in_favour", "present", "seats", "kind"):
            batch_op.drop_column(name)
