# Logs, a dashboard, alarms, and a budget.

resource "aws_cloudwatch_log_group" "function" {
  for_each = var.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.retention_days
  kms_key_id        = var.key_arn
}

resource "aws_cloudwatch_log_group" "jobs" {
  name              = "/aws/batch/${var.name}-finetune"
  retention_in_days = var.retention_days
  kms_key_id        = var.key_arn
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each = var.functions

  alarm_name          = "${var.name}-${each.key}-errors"
  alarm_description   = "The function ${each.key} failed; its log group says why."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = "${var.name}-${each.key}" }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "throttles" {
  for_each = var.functions

  alarm_name          = "${var.name}-${each.key}-throttles"
  alarm_description   = "The function ${each.key} was called more often at a time than it may run."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = "${var.name}-${each.key}" }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "${var.name}-dead-letters"
  alarm_description   = "There are events that no function could deal with."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = var.dead_letter_queue_name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}

# Batch has no metric of failed jobs: its events are counted by a rule, and the rule's matches are the metric.
resource "aws_cloudwatch_event_rule" "job_failed" {
  name        = "${var.name}-job-failed"
  description = "A fine-tuning job failed for good"

  event_pattern = jsonencode({
    source        = ["aws.batch"]
    "detail-type" = ["Batch Job State Change"]
    detail = {
      status   = ["FAILED"]
      jobQueue = [{ suffix = "job-queue/${var.job_queue_name}" }]
    }
  })
}

resource "aws_cloudwatch_event_target" "job_failed" {
  rule = aws_cloudwatch_event_rule.job_failed.name
  arn  = var.topic_arn

  input_transformer {
    input_paths = {
      job    = "$.detail.jobName"
      reason = "$.detail.statusReason"
    }
    input_template = "\"The job <job> failed: <reason>\""
  }
}

locals {
  metrics = {
    Invocations = "Sum"
    Errors      = "Sum"
    Duration    = "p95"
  }
}

resource "aws_cloudwatch_dashboard" "sclera" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = concat(
      [for index, metric in keys(local.metrics) : {
        type   = "metric"
        x      = index * 8
        y      = 0
        width  = 8
        height = 6
        properties = {
          title   = "${metric} of the functions"
          region  = var.region
          period  = 300
          stat    = local.metrics[metric]
          metrics = [for function in sort(var.functions) : ["AWS/Lambda", metric, "FunctionName", "${var.name}-${function}"]]
        }
      }],
      [
        {
          type   = "metric"
          x      = 0
          y      = 6
          width  = 8
          height = 6
          properties = {
            title   = "Dead letters"
            region  = var.region
            period  = 300
            stat    = "Maximum"
            metrics = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.dead_letter_queue_name]]
          }
        },
        {
          type   = "log"
          x      = 8
          y      = 6
          width  = 16
          height = 6
          properties = {
            title  = "What jobs say"
            region = var.region
            query  = "SOURCE '${aws_cloudwatch_log_group.jobs.name}' | fields @timestamp, @message | sort @timestamp desc | limit 50"
          }
        },
      ],
    )
  })
}

resource "aws_budgets_budget" "monthly" {
  name         = "${var.name}-monthly"
  budget_type  = "COST"
  limit_amount = tostring(var.budget)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  # the tag must be activated for cost allocation, once per account
  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Project$%s", var.name)]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    threshold                 = 80
    threshold_type            = "PERCENTAGE"
    notification_type         = "ACTUAL"
    subscriber_sns_topic_arns = [var.topic_arn]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    threshold                 = 100
    threshold_type            = "PERCENTAGE"
    notification_type         = "FORECASTED"
    subscriber_sns_topic_arns = [var.topic_arn]
  }
}
